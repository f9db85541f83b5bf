using GanPipeline.Inference;

namespace GanPipeline.ML.Tests;

/// <summary>The models and pictures that the README's programs read.</summary>
internal static class ReadmePictures
{
    /// <summary>Two classes that are easily told apart: pictures that are brighter than gray, and darker ones.</summary>
    public static void WriteBrightAndDark(TemporaryFolder folder)
    {
        Copy(folder, "generator.onnx", "features.onnx");
        using var generator = GeneratorModel.Load(folder["generator.onnx"]);
        var images = generator.Sample(80, seed: 5);
        for (var i = 0; i < images.Count; i++)
        {
            var name = images.Image(i).ToArray().Sum() > 0 ? "bright" : "dark";
            Pictures.SavePng(images, i, folder[$"pictures/{name}/{i}.png"]);
        }
    }

    /// <summary>Two pictures of each of three classes to train on, and a hundred to test with.</summary>
    public static void WriteFewAndTest(TemporaryFolder folder)
    {
        Copy(folder, "conditional.onnx", "features.onnx");
        using var generator = GeneratorModel.Load(folder["conditional.onnx"]);
        string[] names = ["reed", "fern", "moss"];
        foreach (var (part, count, seed) in new[] { ("few", 6, 11), ("test", 300, 12) })
        {
            var images = generator.Sample(count, seed, labels: names);
            for (var i = 0; i < count; i++) Pictures.SavePng(images, i, folder[$"{part}/{names[i % 3]}/{i}.png"]);
        }
    }

    private static void Copy(TemporaryFolder folder, params string[] models)
    {
        foreach (var model in models)
            File.Copy(Path.Combine(Repository.Root, "tests", "ML", "models", model), folder[model], overwrite: true);
    }
}
