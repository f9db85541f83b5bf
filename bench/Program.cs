using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GanPipeline.Bench;

if (args is [PlainPeer.Command, .. var peer])
{
    PlainPeer.Serve(peer);
    return 0;
}

if (args is [MpiBenchmark.Command])
{
    MpiBenchmark.Serve();
    return 0;
}

if (args is [StartupBenchmark.Nothing]) return 0;
if (args is [Profile.Subject, var subject, var steps])
{
    Profile.Train(subject, int.Parse(steps, CultureInfo.InvariantCulture));
    return 0;
}
if (args is [Profile.Command] or [Profile.Command, _])
{
    try
    {
        Profile.Print(args.Length > 1 ? args[1] : TrainCase.All[0].Name);
        return 0;
    }
    catch (BenchmarkException e)
    {
        Console.Error.WriteLine("gan bench: " + e.Message);
        return 1;
    }
}

// gan bench [NAME] [--json]: NAME is a row's name or the first parts of it.
var json = args.Contains("--json");
var names = args.Where(a => a != "--json").ToArray();
if (names.Length > 1 || names.Any(n => n.StartsWith('-')))
{
    Console.Error.WriteLine(
        "gan bench: the arguments are [NAME] [--json], or profile [ROW]; a NAME is a row's name or its first parts: train, " +
        "train/dcgan64/f32, generate.");
    return 2;
}
var filter = names.FirstOrDefault() ?? "";
var options = new JsonSerializerOptions
{
    PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
};

try
{
    var rows = new List<Row>();
    IEnumerable<Row>[] benchmarks =
    [
        TrainBenchmark.Run(filter), ClassifierBenchmark.Run(filter), MpiBenchmark.Run(filter), DataBenchmark.Run(filter),
        GenerateBenchmark.Run(filter), FilesBenchmark.Run(filter),
        FeaturesBenchmark.Run(filter), RowsBenchmark.Run(filter), ExportBenchmark.Run(filter),
        StartupBenchmark.Run(filter), ServerBenchmark.Run(filter), LabBenchmark.Run(filter), VisitorsBenchmark.Run(filter),
    ];
    foreach (var row in benchmarks.SelectMany(rows => rows))
    {
        rows.Add(row);
        (json ? Console.Error : Console.Out).WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{row.Name,-24} {row.Ours,9:F1} {row.Unit}, {row.PeerName} {row.Peer:F1}: {row.Ratio:F2} times" +
            $"{(row.Note is null ? "" : "; " + row.Note)}  [{row.Stack}]"));
    }
    if (rows.Count == 0)
    {
        string[] known =
        [
            .. TrainBenchmark.Names, ClassifierBenchmark.Name, MpiBenchmark.Name, .. DataBenchmark.Names, .. GenerateBenchmark.Names,
            .. FilesBenchmark.Names, .. FeaturesBenchmark.Names, .. RowsBenchmark.Names, .. ExportBenchmark.Names,
            .. StartupBenchmark.Names, ServerBenchmark.Name, LabBenchmark.Name, VisitorsBenchmark.Name,
        ];
        Console.Error.WriteLine($"gan bench: no benchmark is called '{filter}'. There are {string.Join(", ", known)}.");
        return 2;
    }
    if (json) Console.WriteLine(JsonSerializer.Serialize(new { rows }, options));
    return 0;
}
catch (BenchmarkException e)
{
    Console.Error.WriteLine("gan bench: " + e.Message);
    return 1;
}
