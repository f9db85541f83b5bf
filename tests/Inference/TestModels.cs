namespace GanPipeline.Inference.Tests;

/// <summary>The models that models/make_models.py writes.</summary>
internal static class TestModels
{
    public static string Generator => Find("generator.onnx");

    public static string GeneratorPixels => Find("generator-pixels.onnx");

    public static string Features => Find("features.onnx");

    public static string Find(string name) => Path.Combine(Repository.Root, "tests", "Inference", "models", name);
}
