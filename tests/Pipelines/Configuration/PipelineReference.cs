using System.Globalization;
using System.Text;

namespace GanPipeline.Pipelines.Tests;

/// <summary>Writes docs/pipelines.md from the option records and their documentation.</summary>
internal static class PipelineReference
{
    private const string Head = """
        # What pipelines.yaml may say

        <!-- Generated from the documentation of the option records; change it there, see CONTRIBUTING.md. -->

        A pipelines file is a map `pipelines` with one entry a pipeline. Each pipeline is a map of the sections below. Every key that is left out has
        its default, so a pipeline needs no more than its data:

        ```yaml
        pipelines:
          my-pictures:
            data: { kind: folder, path: my/pictures, size: 64 }
            train: { steps: 8000 }
        ```

        Any value can be set on the command line: `./gan run my-pictures --set train.steps=500 --set data.classes=[cat, dog]`. Values come from the
        pipeline, then from its preset, then from `--set`; the later ones win. Mistakes are told before anything runs, all at once, each with its line.
        Relative paths start from the file's folder, those in `--set` from the current one.

        A key has the name of the option in C#: `train.batch-size` is `TrainingOptions.BatchSize`, and `generator-loss: non-saturating` is
        `GeneratorLoss.NonSaturating`. Ranges are `[from, to]`, or one number that is both. Lists are `[a, b]`.

        ## A pipeline

        | key | value | default | meaning |
        |---|---|---|---|
        | `kind` | `gan`, `classifier`, `text-encoder` | `gan` | A GAN; a classifier: the small network whose features measure how good a GAN's samples are; or a text encoder, which embeds captions and pictures in one space. |
        | `description` | text | | One line for `gan list`. |
        | `presets` | maps of sections | | Named sets of values, which `train.preset` puts in the place of the pipeline's own. |

        """;

    public static string Write()
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var section in PipelineSections.All)
        {
            var kind = section.Kind is null || PipelineSections.All.Count(s => s.Name == section.Name) == 1
                ? ""
                : $" of kind {section.Kind}";
            text.Append(CultureInfo.InvariantCulture, $"\n## {section.Name}{kind}\n\n{OptionDocumentation.Sentence(section.Title)}.\n\n");
            Table(text, [.. section.Parts.SelectMany(part => part.Members.Select(member => (part, member)))]);
            foreach (var (part, member) in section.Parts.SelectMany(part => part.Members.Select(member => (part, member)))
                .Where(m => m.member.IsNested))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n### {section.Name}.{member.Key}\n\n");
                text.Append(CultureInfo.InvariantCulture, $"{OptionDocumentation.Summary(member)}\n\n");
                var nested = new OptionPart<object>(part.Default(member)!, _ => []);
                Table(text, [.. nested.Members.Select(m => ((OptionPart)nested, m))]);
            }
        }
        return text.ToString();
    }

    private static void Table(StringBuilder text, IReadOnlyList<(OptionPart Part, OptionMember Member)> rows)
    {
        text.Append("| key | value | default | meaning |\n|---|---|---|---|\n");
        foreach (var (part, member) in rows)
        {
            var (value, unset) = (OptionDocumentation.Value(member), OptionDocumentation.Default(part, member));
            var meaning = OptionDocumentation.Meaning(member).Replace("|", "\\|", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"| `{member.Key}` | {value} | {unset} | {meaning} |\n");
        }
    }
}
