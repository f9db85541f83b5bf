using System.Text.Json.Nodes;
using GanPipeline.Pipelines;

namespace GanPipeline.Studio;

/// <summary>What may be set of a pipeline before it runs: all options of its kind, as their documentation has them.</summary>
/// <param name="Name">A name for its folder that no run has.</param>
/// <param name="Sections">In the order in which people write them.</param>
internal sealed record RunForm(string Name, IReadOnlyList<FormSection> Sections)
{
    /// <summary>The options of a pipeline.</summary>
    /// <param name="file">The pipelines file.</param>
    /// <param name="pipeline">A pipeline of it.</param>
    /// <param name="preset">One of its presets; empty for the pipeline as it stands.</param>
    /// <param name="runs">The folder of all runs.</param>
    /// <exception cref="RequestException">The file is wrong, or there is no such pipeline or preset.</exception>
    public static RunForm Create(string file, string pipeline, string preset, string runs)
    {
        var options = PipelineFile.Load(file).Resolve(pipeline, preset.Length == 0 ? [] : [PresetSet(preset)], runs: false);
        return new(UnusedName(runs, pipeline), [
            .. PipelineSections.All.Where(section => section.Kind is null || section.Kind == options.Kind)
                .Select(section => Section(section, options.ToJson(section.Name))),
        ]);
    }

    /// <summary>A preset as --set takes it.</summary>
    public static string PresetSet(string preset) => $"train.preset={preset}";

    private static string UnusedName(string runs, string pipeline)
    {
        var name = pipeline;
        for (var i = 2; Path.Exists(Path.Combine(runs, name)); i++) name = $"{pipeline}-{i}";
        return name;
    }

    private static FormSection Section(PipelineSection section, JsonObject values)
    {
        var options = section.Parts.Where(part => part != PipelineSections.Preset)
            .SelectMany(part => Options(part, section.Name, values.Count > 0 ? values : part.ToJson(part.New())));
        return new(section.Name, section.Title, [.. options]);
    }

    /// <summary>The options of a record; those of a map in it under its name.</summary>
    private static IEnumerable<FormOption> Options(OptionPart part, string path, JsonObject values) => part.Members.SelectMany(member =>
    {
        var key = $"{path}.{member.Key}";
        if (!member.IsNested) return [Option(part, member, key, SettingSource.TextOf(values[member.Key]))];
        var nested = new OptionPart<object>(part.Default(member)!, _ => []);
        return Options(nested, key, values[member.Key] as JsonObject ?? nested.ToJson(part.Default(member)!));
    });

    private static FormOption Option(OptionPart part, OptionMember member, string key, string value)
    {
        // Of flags there may be several.
        var choices = member.IsFlags ? null : member.Choices;
        return new(key, choices ?? [], choices is null ? OptionDocumentation.Value(member) : "", value,
            OptionDocumentation.Default(part, member), OptionDocumentation.Meaning(member))
        {
            IsFlag = member.Type == typeof(bool),
        };
    }
}

/// <summary>A section of a form.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Title">What it is about, in a few words.</param>
/// <param name="Options">What may be set of it.</param>
internal sealed record FormSection(string Name, string Title, IReadOnlyList<FormOption> Options);

/// <summary>An option of a form. Texts are Markdown with nothing but code in it.</summary>
/// <param name="Key">As --set takes it.</param>
/// <param name="Choices">The values that there are; none where others are allowed.</param>
/// <param name="Kind">What may be written where there are no choices: "whole number", "path" and so on.</param>
/// <param name="Value">What the pipeline has, as --set takes it; empty for nothing.</param>
/// <param name="Default">What it has in pipelines that do not say.</param>
/// <param name="Meaning">What it is for, with its range.</param>
internal sealed record FormOption(string Key, IReadOnlyList<string> Choices, string Kind, string Value, string Default, string Meaning)
{
    /// <summary>Whether it is on or off.</summary>
    public bool IsFlag { get; init; }
}
