using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan latent arithmetic: sums and differences of concepts, after figure 7 of Radford, Metz and Chintala 2016.</summary>
internal static partial class LatentArithmeticCommand
{
    private const string Seeds = "seeds:";

    /// <summary>Where the latents around the result are drawn, far from those of the concepts.</summary>
    private const long FirstNeighbour = 1L << 42;

    public static void Fill(Command command, Bind bind)
    {
        var choice = new LatentChoice("arithmetic");
        var concepts = new Option<string[]>("--concept")
        {
            Description = "A name and what the reader sees, as in \"a=color:red, form:brick\" or \"b=brick 2x4\"; or latents, as in " +
                "a=seeds:3,17 or a=seeds:0:17,0:23. Once for each name in the formula.",
            HelpName = "NAME=WHAT",
            DefaultValueFactory = _ => [],
        };
        var formula = new Option<string>("--formula")
        {
            Description = "Names of concepts with + or - between them. Default: a - b + c.",
            HelpName = "FORMULA",
            DefaultValueFactory = _ => "a - b + c",
        };
        var reader = new Option<string?>("--reader")
        {
            Description = "The classifier that finds the concepts: its ONNX file or folder, as models/bricks-classifier.",
            HelpName = "MODEL",
        };
        var count = CommonOptions.Whole("--count", "Latents for each concept, of which the mean is taken.", 5, 1, 64);
        var most = CommonOptions.Whole("--most", "The most latents to draw to find them.", 10_000, 1, 10_000_000);
        var seed = LatentChoice.Seed();
        var truncation = LatentPathCommands.Truncation();
        var radius = new Option<double>("--radius")
        {
            Description = "How far the result's neighbours are from it: normal numbers of this scale are added.",
            HelpName = "R",
            DefaultValueFactory = _ => 0.25,
        };
        command.With([choice.Model, concepts, formula, reader, count, most, seed, truncation, radius, .. choice.Options]);
        bind(command, (shell, parsed) =>
        {
            var terms = LatentChoice.Asked(() => LatentFormula.Parse(parsed.GetValue(formula)!));
            var asked = Split(parsed.GetValue(concepts)!);
            Require(terms, asked);
            if (!(parsed.GetValue(radius) >= 0)) throw new RequestException("--radius must be 0 or more.");
            using var generator = choice.Open(parsed);
            using var classifier = parsed.GetValue(reader) is { } path ? choice.OpenReader(parsed, path) : null;
            var seen = classifier is null ? null : LatentChoice.Asked(() => new LatentReader(generator, classifier));
            var limit = GenerationCommand.Truncation(parsed.GetValue(truncation));
            var labels = choice.Labels(parsed);
            var label = LatentChoice.Asked(() => generator.LabelVectors(1, parsed.GetValue(seed), 0, labels));
            var found = Concepts(asked, generator.LatentSize, limit, read => LatentChoice.Asked(() => LatentConcept.Find(
                seen ?? throw new RequestException($"The concept {read[0].Name} is what a classifier sees: name one with --reader."),
                read, (int)parsed.GetValue(count), parsed.GetValue(seed), (int)parsed.GetValue(most), labels, limit, shell.Stop)));
            var work = new Work(generator, seen, label, terms, found, parsed.GetValue(radius), parsed.GetValue(seed), shell);
            var result = work.Run(Path.Combine(choice.Folder(parsed), "grid.png"));
            result["model"] = choice.File(parsed);
            return result;
        });
    }

    private static List<(string Name, string What)> Split(string[] given)
    {
        var concepts = new List<(string Name, string What)>();
        foreach (var text in given)
        {
            if (Concept().Match(text) is not { Success: true } match)
                throw new RequestException($"--concept \"{TextFormat.Shorten(text)}\" is no concept: a=color:red, \"b=brick 2x4\" and " +
                    "c=seeds:3,17 are some.");
            var name = match.Groups["name"].Value;
            if (concepts.Exists(c => c.Name == name)) throw new RequestException($"The concept {name} is given twice.");
            concepts.Add((name, match.Groups["what"].Value));
        }
        return concepts;
    }

    private static void Require(LatentFormula formula, List<(string Name, string What)> concepts)
    {
        if (formula.Terms.FirstOrDefault(t => !concepts.Exists(c => c.Name == t.Name)) is { Name: { } missing })
            throw new RequestException($"The formula names the concept {missing}, which no --concept {missing}=... describes.");
    }

    /// <summary>Concepts in the order of the request, those that are read found together.</summary>
    private static List<LatentConcept> Concepts(List<(string Name, string What)> asked, int size, float? truncation,
        Func<IReadOnlyList<(string Name, string Label)>, IReadOnlyList<LatentConcept>> find)
    {
        var given = asked.Where(c => c.What.StartsWith(Seeds, StringComparison.Ordinal)).Select(c => LatentConcept.FromLatents(
            c.Name, LatentChoice.Draw(LatentChoice.ParseSeeds($"--concept {c.Name}", c.What[Seeds.Length..]), size, truncation), size));
        var read = asked.Where(c => !c.What.StartsWith(Seeds, StringComparison.Ordinal)).Select(c => (c.Name, Assigned(c.What))).ToArray();
        List<LatentConcept> all = [.. given, .. read.Length > 0 ? find(read) : []];
        return [.. asked.Select(a => all.First(c => c.Name == a.Name))];
    }

    /// <summary>color:red as color=red.</summary>
    private static string Assigned(string text) => Colon().Replace(text, "$1=");

    [GeneratedRegex(@"^\s*(?<name>\w+)\s*=\s*(?<what>.*\S)\s*$")]
    private static partial Regex Concept();

    [GeneratedRegex(@"((?:^|,)\s*[\w-]+)\s*:")]
    private static partial Regex Colon();

    private sealed record Work(
        GeneratorModel Generator,
        LatentReader? Reader,
        float[] Label,
        LatentFormula Formula,
        IReadOnlyList<LatentConcept> Concepts,
        double Radius,
        long Seed,
        Shell Shell)
    {
        /// <summary>A row a concept, its mean last; below the neighbours of the result, and itself last.</summary>
        public JsonObject Run(string file)
        {
            var size = Generator.LatentSize;
            var columns = Concepts.Max(c => c.Latents.Length / size) + 1;
            var result = Formula.Apply(Concepts);
            var around = Latents.Normal(Seed, FirstNeighbour, columns - 1, size);
            for (var i = 0; i < around.Length; i++) around[i] = (float)(result[i % size] + Radius * around[i]);
            float[] last = [.. around, .. result];
            var pictures = Pictures(last);
            var rows = Concepts.Select(concept => Row(concept, columns)).Append(pictures).ToArray();
            Inference.Pictures.SaveGrid(LatentChoice.Join(rows), file, columns, scale: 0);

            foreach (var concept in Concepts)
                Shell.Say($"{concept.Name}: {TextFormat.Count(concept.Latents.Length / size, "latent")}" +
                    (concept.Drawn > 0 ? $" of {TextFormat.Count(concept.Drawn)} drawn" : "") + Seen(Reading(Pictures(concept.Mean), 0)));
            var text = string.Join(' ', Formula.Terms.Select((t, i) => t.Sign < 0 ? $"- {t.Name}" : i > 0 ? $"+ {t.Name}" : t.Name));
            Shell.Say($"{text}: {file}{Seen(Reading(pictures, columns - 1))}");
            return new JsonObject
            {
                ["formula"] = text,
                ["grid"] = Path.GetFullPath(file),
                ["columns"] = columns,
                ["concepts"] = new JsonArray([.. Concepts.Select(c => (JsonNode)new JsonObject
                {
                    ["name"] = c.Name, ["latents"] = c.Latents.Length / size, ["drawn"] = c.Drawn, ["mean"] = Reading(Pictures(c.Mean), 0),
                })]),
                ["result"] = Reading(pictures, columns - 1),
                ["neighbours"] = Reader is null ? null : new JsonArray([.. Enumerable.Range(0, columns - 1)
                    .Select(i => (JsonNode?)Reading(pictures, i))]),
                ["latent"] = new JsonArray([.. result.Select(x => (JsonNode)x)]),
            };
        }

        /// <summary>Samples, then gray where there are fewer than columns, then the mean.</summary>
        private ImageTensor Row(LatentConcept concept, int columns)
        {
            var samples = Pictures(concept.Latents);
            var gray = new ImageTensor(columns - 1 - samples.Count, samples.Channels, samples.Height, samples.Width);
            return LatentChoice.Join(samples, gray, Pictures(concept.Mean));
        }

        private ImageTensor Pictures(float[] latents) => LatentChoice.Generate(
            Generator, latents, LatentChoice.Repeat(Label, latents.Length / Generator.LatentSize), Shell.Stop);

        private JsonObject? Reading(ImageTensor images, int index)
        {
            if (Reader is null) return null;
            var read = Reader.Read(images.Slice(index, 1));
            return new(Reader.Labels.Fields.Select((f, i) => KeyValuePair.Create(f.Name, (JsonNode?)f.Write(read[i][0]))));
        }

        private static string Seen(JsonObject? reading) =>
            reading is null ? "" : $" ({string.Join(", ", reading.Select(r => (string?)r.Value))})";
    }
}
