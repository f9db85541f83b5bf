namespace GanPipeline.Inference.Tests;

/// <summary>The models that models/make_models.py writes.</summary>
internal static class TestModels
{
    public static string Generator => Find("generator.onnx");

    public static string GeneratorPixels => Find("generator-pixels.onnx");

    public static string Features => Find("features.onnx");

    public static string Classifier => Find("classifier.onnx");

    public static string WrongClassifier => Find("classifier-wrong.onnx");

    public static string MuteClassifier => Find("classifier-mute.onnx");

    /// <summary>Labels: class (cat, dog, emu) and bright (0 to 10).</summary>
    public static string Conditional => Find("conditional.onnx");

    public static string Find(string name) => Path.Combine(Repository.Root, "tests", "Inference", "models", name);
}
