using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan show: every setting that a pipeline would run with, and where it comes from.</summary>
internal static class ShowCommand
{
    public static void Fill(Command command, Bind bind)
    {
        var pipeline = new Argument<string?>("PIPELINE")
        {
            Description = "A pipeline of the file, which gan list names, or a run's folder. Default: the file's first pipeline.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var file = CommonOptions.File();
        var sets = CommonOptions.Sets();
        command.With(pipeline, file, sets);
        bind(command, (shell, parsed) => Show(shell, Find(
            parsed.GetValue(pipeline), () => PipelineFile.Find(parsed.GetValue(file)), parsed.GetValue(sets)!)));
    }

    /// <summary>A pipeline can be shown without its data.</summary>
    private static PipelineOptions Find(string? name, Func<string> file, string[] sets) =>
        RunChoice.Of(name, file, output: null, sets, runs: false).Options;

    private static JsonObject Show(Shell shell, PipelineOptions options)
    {
        var settings = SettingSource.Of(options);
        var values = settings.Select(s => s.Value is not null && s.Text.Length == 0 ? "\"\"" : s.Text).ToArray();
        var (keys, widest) = (settings.Max(s => s.Key.Length) + 2, Math.Min(40, values.Max(v => v.Length)) + 2);
        shell.Say($"{options.Name}: {options.Description}");
        foreach (var (section, rows) in settings.Zip(values).GroupBy(s => s.First.Section).Select(g => (g.Key, g)))
        {
            shell.Say();
            shell.Say(section);
            foreach (var (setting, value) in rows)
                shell.Say($"  {setting.Key.PadRight(keys)}{value.PadRight(widest)}{(value.Length >= widest ? "  " : "")}{setting.From}");
        }
        return new JsonObject
        {
            ["name"] = options.Name,
            ["kind"] = options.Kind,
            ["description"] = options.Description,
            ["preset"] = options.Preset,
            ["settings"] = new JsonArray([.. settings.Select(s => (JsonNode)new JsonObject
            {
                ["key"] = $"{s.Section}.{s.Key}", ["value"] = s.Value?.DeepClone(), ["from"] = s.From,
            })]),
        };
    }
}
