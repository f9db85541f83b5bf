using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GanPipeline.Inference;
using GanPipeline.Pipelines;
using Onnx;

namespace GanPipeline.Cli;

/// <summary>A folder that any file server makes a page of, which draws a generator's pictures in the visitor's browser.</summary>
internal static class PageFolder
{
    /// <summary>Those who draw one at random see no difference to more.</summary>
    private const int MostExamples = 256;

    private static readonly string[] _assets = ["index.html", "page.css", "page.js", "generator.js", "latents.js"];

    private static readonly string[] _licences = ["LICENSE.txt", "ThirdPartyNotices.txt"];

    /// <summary>Writes the folder. Files of other names that are there stay.</summary>
    /// <param name="folder">Is made.</param>
    /// <param name="title">What the page is called.</param>
    /// <param name="generator">
    /// Opened with its bytes kept; of 1 or 3 channels, with labels that are described, or without any.
    /// </param>
    /// <param name="runtime">What <see cref="PageRuntime.Find"/> found.</param>
    /// <returns>The files, relative to the folder, and their sizes in bytes.</returns>
    /// <exception cref="ModelException">The generator makes no pictures.</exception>
    public static IReadOnlyList<(string Name, long Size)> Write(
        string folder, string title, GeneratorModel generator, IReadOnlyList<(string From, string To)> runtime)
    {
        // Before anything is written: a model that makes no pictures is told by its first one.
        var icon = Pictures.EncodePng(generator.Sample(1), 0);
        var html = Encoding.UTF8.GetString(Resource("index.html"))
            .Replace("{{title}}", WebUtility.HtmlEncode(title), StringComparison.Ordinal);
        (string Name, byte[] Content)[] files =
        [
            ("icon.png", icon),
            ("generator.onnx", generator.Bytes),
            ("model.json", Encoding.UTF8.GetBytes(Json.Print(Describe(title, generator)) + "\n")),
            .. _assets.Select(name => (name, name == "index.html" ? Encoding.UTF8.GetBytes(html) : Resource(name))),
            .. runtime.Select(file => ($"{PageRuntime.Folder}/{file.To}", File.ReadAllBytes(file.From))),
            .. _licences.Select(name => ($"{PageRuntime.Folder}/{name}", Resource(name))),
        ];
        foreach (var (name, content) in files) AtomicFile.WriteAllBytes(Path.Combine(folder, name), content);
        return [.. files.Select(file => (file.Name, (long)file.Content.Length))];
    }

    private static JsonObject Describe(string title, GeneratorModel generator)
    {
        var graph = ModelProto.Parser.ParseFrom(generator.Bytes).Graph;
        var rows = generator.LabelExamples?.Rows ?? [];
        var count = Math.Min(rows.Count, MostExamples);
        var examples = Enumerable.Range(0, count).Select(i => rows[i * rows.Count / count]);
        return new JsonObject
        {
            ["title"] = title,
            ["latentSize"] = generator.LatentSize,
            ["batch"] = Batch(graph),
            ["channels"] = generator.Channels,
            ["height"] = generator.Height,
            ["width"] = generator.Width,
            ["output"] = graph.Output.Any(output => output.Name == "image") ? "image" : "pixels",
            ["range"] = graph.Output.Any(output => output.Name == "image") ? new JsonArray(-1, 1) : new JsonArray(0, 255),
            ["labels"] = generator.Labels is { } labels ? JsonNode.Parse(labels.ToJson()) : new JsonArray(),
            ["labelExamples"] = new JsonArray([.. examples.Select(row => (JsonNode)new JsonArray([.. row.Select(v => (JsonNode)v)]))]),
        };
    }

    /// <summary>The rows that a run of the model has: those that it is made for, or 1.</summary>
    private static long Batch(GraphProto graph)
    {
        var rows = graph.Input.Concat(graph.Output).Where(value => value.Type?.TensorType?.Shape?.Dim.Count > 0)
            .Max(value => value.Type.TensorType.Shape.Dim[0].DimValue);
        return Math.Max(1, rows);
    }

    private static byte[] Resource(string name)
    {
        using var stream = typeof(PageFolder).Assembly.GetManifestResourceStream("page/" + name)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
