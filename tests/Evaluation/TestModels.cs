namespace GanPipeline.Evaluation.Tests;

/// <summary>The models of tests/Inference.</summary>
internal static class TestModels
{
    /// <summary>Images [3, 4, 8].</summary>
    public static string Generator => Find("generator.onnx");

    /// <summary>5 features of images [3, 4, 8].</summary>
    public static string Features => Find("features.onnx");

    private static string Find(string name) => Path.Combine(Repository.Root, "tests", "Inference", "models", name);
}
