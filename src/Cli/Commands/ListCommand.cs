using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan list: the pipelines in the file.</summary>
internal static class ListCommand
{
    public static Command Create(Bind bind)
    {
        var file = CommonOptions.File();
        var command = new Command("list", "The pipelines in the file.") { file };
        bind(command, (shell, parsed) =>
        {
            var pipelines = PipelineFile.Load(CommonOptions.FileOrDefault(parsed.GetValue(file)));
            var width = pipelines.Pipelines.Max(p => p.Name.Length) + 2;
            foreach (var p in pipelines.Pipelines)
            {
                var presets = pipelines.PresetsOf(p.Name);
                shell.Say($"{p.Name.PadRight(width)}{p.Description}" +
                    (presets.Count > 0 ? $". Also train.preset={string.Join(" or ", presets)}" : ""));
            }
            shell.Say("gan show PIPELINE tells all settings, gan run PIPELINE --dry-run its time and memory here.");
            return new JsonObject
            {
                ["file"] = Path.GetFullPath(pipelines.Path),
                ["pipelines"] = new JsonArray([.. pipelines.Pipelines.Select(p => (JsonNode)new JsonObject
                {
                    ["name"] = p.Name, ["kind"] = p.Kind, ["description"] = p.Description, ["data"] = p.Data.Kind,
                    ["presets"] = Json.Array(pipelines.PresetsOf(p.Name)),
                })]),
            };
        });
        return command;
    }
}
