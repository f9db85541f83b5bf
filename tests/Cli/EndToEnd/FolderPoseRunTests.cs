using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>A user's own pictures in wanted poses, from tables of keypoints to a model that is measured and used.</summary>
public sealed class FolderPoseRunTests : IDisposable
{
    private const int Width = 40, Height = 60, Persons = 6, Poses = 3;

    private static readonly string[] _points = ["head", "hip", "hand", "foot"];

    private readonly TinyWorld _world = new();

    public FolderPoseRunTests()
    {
        File.WriteAllText(_world["pipelines.yaml"], TinyWorld.Yaml.Replace(", latent-size: 8", "", StringComparison.Ordinal));
        var random = new Random(4);
        var (rows, lists, pairs) = (new List<string> { "file,name,x,y,visible" }, new List<string> { "name:keypoints_y:keypoints_x" },
            new List<string> { "from,to" });
        for (var person = 0; person < Persons; person++)
        {
            float[] color = [.. Enumerable.Range(0, 3).Select(_ => random.NextSingle() * 2 - 1)];
            var part = person < 4 ? "train" : "test";
            for (var pose = 0; pose < Poses; pose++)
            {
                (int X, int Y)[] at = [(20, 8), (20, 30), (random.Next(4, 36), random.Next(12, 28)), (random.Next(8, 32), 54)];
                var file = $"{person:D4}_c{pose}.png";
                Directory.CreateDirectory(_world[$"people/{part}"]);
                Pictures.SavePng(Figure(at, color), 0, _world[$"people/{part}/{file}"]);
                // One hand is not seen.
                var seen = at.Select((_, i) => person != 1 || i != 2).ToArray();
                rows.AddRange(at.Select((p, i) => $"{file},{_points[i]},{p.X},{p.Y},{(seen[i] ? 1 : 0)}"));
                lists.Add($"{file}: [{string.Join(", ", at.Select((p, i) => seen[i] ? p.Y : -1))}]: " +
                    $"[{string.Join(", ", at.Select((p, i) => seen[i] ? p.X : -1))}]");
                pairs.Add($"{file},{person:D4}_c{(pose + 1) % Poses}.png");
            }
        }
        File.WriteAllLines(_world["rows.csv"], rows);
        File.WriteAllLines(_world["lists.csv"], lists);
        File.WriteAllLines(_world["pairs.csv"], pairs);
    }

    public void Dispose() => _world.Dispose();

    /// <summary>Lines of one color from the head over the hip to the foot, and to the hand, on white.</summary>
    private static ImageTensor Figure((int X, int Y)[] at, float[] color)
    {
        var image = new ImageTensor(1, 3, Height, Width);
        Array.Fill(image.Values, 1);
        foreach (var (from, to) in new[] { (0, 1), (1, 3), (0, 2) })
        {
            for (var step = 0; step <= 60; step++)
            {
                var (x, y) = (at[from].X + (at[to].X - at[from].X) * step / 60, at[from].Y + (at[to].Y - at[from].Y) * step / 60);
                for (var c = 0; c < 3; c++)
                    for (var near = 0; near < 9; near++)
                        image.Values[(c * Height + y - 1 + near / 3) * Width + x - 1 + near % 3] = color[c];
            }
        }
        return image;
    }

    private static string[] Run(params string[] settings) =>
    [
        "run", "tiny", "--json", .. new[]
        {
            "data.kind=folder", "data.path=people", "data.pair=pose", "data.fit=pad", "architecture.name=pose", "objective.l1=100",
            "train.flip=false", "train.first-stage-steps=3",
        }.Concat(settings).SelectMany(setting => new[] { "--set", setting }),
    ];

    [Theory]
    [InlineData("rows.csv", "")]
    [InlineData("lists.csv", "pairs.csv")]
    public void Keypoints_are_trained_exported_measured_shown_and_used(string table, string pairs)
    {
        var names = table == "rows.csv" ? _points : ["point1", "point2", "point3", "point4"];
        var stages = _world.GanOk(Run([$"data.keypoints={table}", .. pairs.Length > 0 ? new[] { $"data.pairs-table={pairs}" } : []]))
            .Json["stages"]!;
        Assert.InRange((double)stages["export"]!["maxAbsDifference"]!["pose-generator.onnx"]!, 0, 1e-4);
        // To each picture the others of its person, or the next one of the table.
        Assert.Equal(pairs.Length > 0 ? 12 : 24, (int)stages["train"]!["images"]!);
        var evaluated = stages["evaluate"]!;
        foreach (var name in new[] { "outputs", "coarse", "input", "meanImage", "nearest", "training" })
            Assert.InRange((double)evaluated[name]!["l1"]!, 1e-6, 1);
        Assert.Equal(pairs.Length > 0 ? 6 : 12, (int)evaluated["outputs"]!["images"]!);
        Assert.Null(evaluated["read"]);
        Assert.Contains("--keypoints points.csv --fit pad", File.ReadAllText(_world.Run("report.html")), StringComparison.Ordinal);
        var card = File.ReadAllText(_world.Run("models/README.md"));
        Assert.Contains($"with r = 1, or -1 where it is not there; in this order: {string.Join(", ", names)}.", card,
            StringComparison.Ordinal);
        Assert.Contains("--keypoints points.csv --fit pad", card, StringComparison.Ordinal);
        Assert.True(File.Exists(_world.Run("samples/grid.png")));

        using var model = PoseGeneratorModel.Load(_world.Run("models/pose-generator.onnx"));
        Assert.Equal(PoseLayout.OfKeypoints(names, 1), model.Pose);
        string[] use = ["pose", "runs/tiny", "--in", "people/test/0005_c0.png", "--keypoints", table, "--fit", "pad"];
        var made = _world.GanOk([.. use, "--out", "made", "--json"]).Json;
        Assert.Equal(Persons * Poses, (int)made["poses"]!);
        Assert.Equal(Persons * Poses, Directory.GetFiles(_world["made"], "*.png").Length);
        _world.GanOk([.. use, "--name", "0001_c2.png", "--out", "one.png"]);
        Assert.Equal(File.ReadAllBytes(_world["made/0001_c2.png"]), File.ReadAllBytes(_world["one.png"]));
        // The table's places are those of the training: the planes are the same.
        var image = new Data.PictureReader(32, 3, "pad");
        var points = Data.KeypointTable.Read(_world[table]).Points("0003_c1.png");
        var file = _world["people/test/0005_c0.png"];
        Pictures.SavePng(model.Generate(image.Read(file), [image.Place(file, points)]), 0, _world["own.png"]);
        Assert.Equal(File.ReadAllBytes(_world["made/0003_c1.png"]), File.ReadAllBytes(_world["own.png"]));

        File.WriteAllText(_world["other.csv"], "file,name,x,y\n1.png,nose,3,4\n");
        Fails("the poses of", "runs/tiny", "--yaw", "3", "--pitch", "3");
        Fails("give --keypoints", "runs/tiny");
        Fails("The table has the keypoints nose; the model takes", "runs/tiny", "--keypoints", "other.csv");
        Fails("has no keypoints of '9.png'", "runs/tiny", "--keypoints", table, "--name", "9.png");

        void Fails(string message, params string[] args)
        {
            var failed = _world.Gan(["pose", .. args, "--in", "people/test/0005_c0.png"]);
            Assert.Equal(2, failed.Code);
            Assert.Contains(message, failed.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Pictures_of_both_tables_of_pairs_are_told_once_in_a_run_of_18_keypoints()
    {
        // Persons 0 to 3 train, and 3 to 5 test.
        var pairs = File.ReadAllLines(_world["pairs.csv"]);
        File.WriteAllLines(_world["pairs-train.csv"], pairs[..(1 + 4 * Poses)]);
        File.WriteAllLines(_world["pairs-test.csv"], [pairs[0], .. pairs[(1 + 3 * Poses)..]]);
        // The head, the hip, the hand and the foot as nose, hip, wrist and ankle.
        File.WriteAllLines(_world["body.csv"], [File.ReadLines(_world["lists.csv"]).First(), .. File.ReadLines(_world["lists.csv"]).Skip(1)
            .Select(line => string.Join(": [", line.Split(": [").Select((part, i) => i == 0 ? part : Body(part.TrimEnd(']')))))]);
        // With --json nothing is told but the result.
        var outcome = _world.GanOk([.. Run("data.keypoints=body.csv", "data.pairs-table=pairs-train.csv").Where(arg => arg != "--json")]);
        Assert.Equal(12, (int)_world.Summary["stages"]!["train"]!["images"]!);
        Assert.True(outcome.Output.Split("pairs-test.csv: 3, for example train/0003_c0.png. ").Length == 2, outcome.Output);
        Assert.Contains("in this order: nose, neck, right shoulder", File.ReadAllText(_world.Run("models/README.md")),
            StringComparison.Ordinal);

        static string Body(string list)
        {
            var known = list.Split(", ");
            int[] places = [0, 8, 4, 10];
            return string.Join(", ", Enumerable.Range(0, 18).Select(i => Array.IndexOf(places, i) is >= 0 and var at ? known[at] : "-1")) +
                "]";
        }
    }

    [Theory]
    [InlineData("needs a table of keypoints (data.keypoints)", "data.size=32")]
    [InlineData("cannot be read", "data.keypoints=nowhere.csv")]
    [InlineData("another pose", "data.keypoints=rows.csv", "train.flip=true")]
    [InlineData("have no header with the columns|has no header with the columns", "data.keypoints=rows.csv", "data.pairs-table=rows.csv")]
    public void What_does_not_fit_is_told_before_the_training(string expected, params string[] settings)
    {
        var outcome = _world.Gan(Run(settings));
        Assert.True(outcome.Code == 2, outcome.ToString());
        Assert.Contains(expected.Split('|'), part => outcome.Error.Contains(part, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_world.Run("train/metrics.jsonl")));
    }
}
