using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan list: the pipelines in the file.</summary>
internal static class ListCommand
{
    public static void Fill(Command command, Bind bind)
    {
        var file = CommonOptions.File();
        command.With(file);
        bind(command, (shell, parsed) =>
        {
            var path = PipelineFile.Find(parsed.GetValue(file));
            var pipelines = PipelineFile.Summaries(path);
            var width = pipelines.Max(p => p.Name.Length) + 2;
            foreach (var p in pipelines)
                shell.Say($"{p.Name.PadRight(width)}{p.Description}" +
                    (p.Presets.Count > 0 ? $". Also train.preset={string.Join(" or ", p.Presets)}" : ""));
            shell.Say("gan show PIPELINE tells all settings, gan run PIPELINE --dry-run its time and memory here.");
            return new JsonObject
            {
                ["file"] = Path.GetFullPath(path),
                ["pipelines"] = new JsonArray([.. pipelines.Select(p => (JsonNode)new JsonObject
                {
                    ["name"] = p.Name, ["kind"] = p.Kind, ["description"] = p.Description, ["data"] = p.Data,
                    ["presets"] = Json.Array(p.Presets),
                })]),
            };
        });
    }
}
