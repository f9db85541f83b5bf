using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan page: a page that draws a generator's pictures in the visitor's browser.</summary>
internal static class PageCommand
{
    public static void Fill(Command command, Bind bind)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A generator's ONNX file; or its folder, as models/mnist-cgan or runs/NAME. With labels or without; no texts.",
        };
        var output = new Option<string>("--out")
        {
            Description = "The folder for the page, which any file server can give out. Default: page.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "page",
        };
        var title = new Option<string?>("--title")
        {
            Description = "What the page is called. Default: the name of the model's pipeline, or of its file.", HelpName = "TEXT",
        };
        var range = CommonOptions.Range();
        var runtime = new Option<string?>("--runtime")
        {
            Description = "A folder with the npm package onnxruntime-web, where the program has not brought it along.", HelpName = "FOLDER",
        };
        var force = new Option<bool>("--force") { Description = "Write into a folder that is not empty. Other files there stay." };
        command.With(model, output, title, range, runtime, force);
        bind(command, (shell, parsed) =>
        {
            var path = ModelFolder.Find(parsed.GetValue(model)!, "generator.onnx");
            var folder = parsed.GetValue(output)!;
            Require(folder, parsed.GetValue(force));
            using var generator = Open(path, CommonOptions.Range(parsed.GetValue(range)));
            var files = PageRuntime.Find(parsed.GetValue(runtime));
            var name = parsed.GetValue(title) ?? Title(path, generator);
            var written = LatentChoice.Asked(() => PageFolder.Write(folder, name, generator, files));
            var bytes = written.Sum(file => file.Size);
            shell.Say($"{TextFormat.Count(written.Count, "file")}, {TextFormat.Bytes(bytes)}: {folder}");
            shell.Say($"Any file server gives it out, as python3 -m http.server --directory {folder}, and then http://localhost:8000.");
            return new JsonObject
            {
                ["model"] = path,
                ["output"] = Path.GetFullPath(folder),
                ["title"] = name,
                ["files"] = Json.Array(written.Select(file => file.Name)),
                ["bytes"] = bytes,
            };
        });
    }

    private static void Require(string folder, bool force)
    {
        if (File.Exists(folder)) throw new RequestException($"{folder} is a file. Give a folder with --out.");
        if (force || !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any()) return;
        throw new RequestException($"{folder} is not empty. Give another folder with --out, or write into it with --force.");
    }

    private static GeneratorModel Open(string path, PixelRange? range)
    {
        var generator = GenerateCommand.Open(path, new ModelOptions { PixelRange = range, BatchSize = 1, KeepsBytes = true });
        var problem = generator.Vocabulary is not null ? "makes pictures of texts, which no page can be made of yet."
            : generator.LabelSize > 0 && generator.Labels is null
                ? $"takes labels that its metadata {ModelMetadata.Labels} do not describe, so that a page could not offer them."
            : null;
        if (problem is null) return generator;
        generator.Dispose();
        throw new RequestException($"{path} {problem}");
    }

    private static string Title(string path, GeneratorModel generator) =>
        generator.Metadata.TryGetValue(ModelMetadata.Pipeline, out var pipeline) && pipeline.Length > 0
            ? pipeline
            : Path.GetFileNameWithoutExtension(path);
}
