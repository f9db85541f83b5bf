using System.Runtime.InteropServices;
using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>gan latent as a user calls it.</summary>
public sealed class LatentTests : IDisposable
{
    private static readonly string _bricks = Model("bricks-dcgan"), _digits = Model("mnist-cgan"), _kinds = Model("quickstart"),
        _reader = Model("bricks-classifier");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Interpolation_is_a_grid_and_an_animation()
    {
        string[] request = ["--seeds", "3,0:2-3", "--steps", "4", "--frames", "3", "--json"];
        var made = Done(["interpolate", _bricks, .. request, "--out", _folder["a"]]);
        Assert.Equal((2, 5, 7), ((int)made.Json["rows"]!, (int)made.Json["columns"]!, (int)made.Json["frames"]!));
        Assert.Equal(["3:0", "0:2", "0:3"], made.Json["latents"]!.AsArray().Select(l => (string)l!));
        var (width, height, frames) = Gif(_folder["a/animation.gif"]);
        Assert.Equal((7, width), (frames, height));
        Done(["interpolate", _bricks, .. request, "--out", _folder["b"]]);
        Assert.Equal(File.ReadAllBytes(_folder["a/grid.png"]), File.ReadAllBytes(_folder["b/grid.png"]));
        Assert.Equal(File.ReadAllBytes(_folder["a/animation.gif"]), File.ReadAllBytes(_folder["b/animation.gif"]));
        Done(["interpolate", _bricks, .. request, "--linear", "--out", _folder["c"]]);
        Assert.NotEqual(File.ReadAllBytes(_folder["a/grid.png"]), File.ReadAllBytes(_folder["c/grid.png"]));

        // The ends are the pictures that gan generate makes: two steps of one are a grid of two.
        Done(["interpolate", _bricks, "--seeds", "0:0-1", "--steps", "1", "--out", _folder["d"]]);
        using var generator = GeneratorModel.Load(Path.Combine(_bricks, "generator.onnx"));
        Assert.Equal(Pictures.EncodeGrid(generator.Sample(2), columns: 2, scale: 0), File.ReadAllBytes(_folder["d/grid.png"]));
    }

    [Fact]
    public void A_label_stays_or_turns_into_another()
    {
        var made = Done("interpolate", _digits, "--seeds", "5", "--label", "3", "--label", "8", "--steps", "2", "--json", "--out",
            _folder["labels"]);
        Assert.Equal((1, 3), ((int)made.Json["rows"]!, (int)made.Json["columns"]!));
        using var generator = GeneratorModel.Load(Path.Combine(_digits, "generator.onnx"));
        float[] latent = Latents.Normal(5, 0, 1, generator.LatentSize), three = generator.LabelVectors(1, labels: ["3"]),
            eight = generator.LabelVectors(1, labels: ["8"]);
        float[] vectors = [.. three, .. three.Zip(eight, (a, b) => (a + b) / 2), .. eight];
        Assert.Equal(
            Pictures.EncodeGrid(LatentChoice.Generate(generator, [.. latent, .. latent, .. latent], vectors, default), 3, scale: 0),
            File.ReadAllBytes(_folder["labels/grid.png"]));
        Assert.Equal(1, (int)Done("interpolate", _digits, "--seeds", "5,6", "--label", "3", "--json", "--out", _folder["one"])
            .Json["rows"]!);
    }

    [Fact]
    public void A_walk_is_an_animation_of_as_many_frames()
    {
        string[] request = ["walk", _digits, "--points", "3", "--frames", "12", "--count", "4", "--fps", "20", "--label", "7"];
        Done([.. request, "--out", _folder["a"]]);
        Assert.Equal(12, Gif(_folder["a/animation.gif"]).Frames);
        Done([.. request, "--out", _folder["b"]]);
        Assert.Equal(File.ReadAllBytes(_folder["a/animation.gif"]), File.ReadAllBytes(_folder["b/animation.gif"]));
        Done([.. request, "--seed", "1", "--out", _folder["c"]]);
        Assert.NotEqual(File.ReadAllBytes(_folder["a/animation.gif"]), File.ReadAllBytes(_folder["c/animation.gif"]));
    }

    /// <summary>Each row is what gan generate --truncation makes of the same seed.</summary>
    [Fact]
    public void Truncation_agrees_with_that_of_generate()
    {
        var made = Done("truncate", _bricks, "--at", "1,0.5", "--seed", "4", "--first", "3", "--count", "5", "--json", "--out",
            _folder["grid"]);
        Assert.Equal([null, "1", "0.5"], made.Json["rows"]!.AsArray().Select(r => r!["truncation"]?.ToString()));
        Assert.All(made.Json["rows"]!.AsArray(), row => Assert.InRange((double)row!["variety"]!, 0.05, 2));
        ImageTensor Row(float? truncation)
        {
            using var generator = GeneratorModel.Load(Path.Combine(_bricks, "generator.onnx"), new() { Truncation = truncation });
            return generator.Sample(5, seed: 4, first: 3);
        }
        Assert.Equal(Pictures.EncodeGrid(LatentChoice.Join(Row(null), Row(1), Row(0.5f)), columns: 5, scale: 0),
            File.ReadAllBytes(_folder["grid/grid.png"]));
    }

    [Fact]
    public void Arithmetic_of_concepts_that_a_classifier_reads_and_of_seeds()
    {
        string[] request = ["arithmetic", _bricks, "--reader", _reader, "--concept", "a=class:brick 2x4", "--concept", "b=brick 2x2",
            "--concept", "c=seeds:1,0:5-6", "--count", "4", "--json"];
        var made = Done([.. request, "--out", _folder["a"]]);
        Assert.Equal("a - b + c", (string?)made.Json["formula"]);
        Assert.Equal((5, 3), ((int)made.Json["columns"]!, (int)made.Json["concepts"]![2]!["latents"]!));
        Assert.Equal("brick 2x2", (string?)made.Json["concepts"]![1]!["mean"]!["class"]);
        Assert.Equal(4, made.Json["neighbours"]!.AsArray().Count);
        Assert.True(File.Exists(_folder["a/grid.png"]));
        Assert.Equal(made.Json["latent"]!.ToJsonString(), Done([.. request, "--out", _folder["b"]]).Json["latent"]!.ToJsonString());
        // Without a reader, from seeds alone.
        Done("arithmetic", _digits, "--label", "4", "--formula", "x - y", "--concept", "x=seeds:1-3", "--concept", "y=seeds:4", "--out",
            _folder["c"]);
    }

    [Fact]
    public void Directions_are_written_and_measured()
    {
        var made = Done("directions", _kinds, "--label", "brick 2x4", "--label", "brick 2x2", "--reader", _reader, "--count", "300",
            "--test", "40", "--least", "100", "--distances", "1,3", "--attribute", "class", "--json", "--out", _folder["d"]);
        var directions = made.Json["directions"]!.AsArray();
        Assert.Equal(["brick 2x2", "brick 2x4"], directions.Select(d => (string)d!["value"]!).Order(StringComparer.Ordinal));
        Assert.Equal([1.0, 3.0], directions[0]!["effects"]!.AsArray().Select(e => (double)e!["distance"]!));
        Assert.True(File.Exists(_folder["d/class-brick_2x2.png"]) && File.Exists(_folder["d/directions.json"]));
        Assert.Equal(NpyHeader.UsualLength + 2 * 16 * sizeof(float), new FileInfo(_folder["d/directions.npy"]).Length);
    }

    /// <summary>The latents written make the pictures that were found.</summary>
    [Fact]
    public void A_projection_finds_a_generated_picture()
    {
        var drawn = InProcess.Gan("generate", _kinds, "--label", "brick 2x4", "--count", "2", "--seed", "9", "--out", _folder["p"]);
        Assert.True(drawn.Code == 0, drawn.ToString());
        string[] request = ["project", _kinds, _folder["p/000000.png"], _folder["p/000001.png"], "--features", _reader, "--label",
            "brick 2x4", "--draws", "200", "--steps", "40", "--json"];
        var made = Done([.. request, "--out", _folder["a"]]);
        var pictures = made.Json["pictures"]!.AsArray();
        Assert.All(pictures, p => Assert.True((double)p!["ratio"]! < 0.5, p.ToJsonString()));
        Assert.All(pictures, p => Assert.True((double)p!["distance"]! < (double)p["nearestDrawn"]!, p.ToJsonString()));
        var latents = File.ReadAllBytes(_folder["a/latents.npy"]);
        Assert.Equal(2 * 16, MemoryMarshal.Cast<byte, float>(latents.AsSpan(NpyHeader.UsualLength)).Length);
        Done([.. request, "--out", _folder["b"]]);
        Assert.Equal(latents, File.ReadAllBytes(_folder["b/latents.npy"]));
        Assert.Equal(File.ReadAllBytes(_folder["a/grid.png"]), File.ReadAllBytes(_folder["b/grid.png"]));
    }

    [Fact]
    public void Too_few_latents_of_a_concept_are_a_failure_that_tells_how_many()
    {
        var failed = InProcess.Gan("latent", "arithmetic", _kinds, "--label", "brick 2x4", "--reader", _reader, "--formula", "a",
            "--concept", "a=tile 1x6", "--most", "100", "--out", _folder["x"]);
        Assert.Equal(1, failed.Code);
        Assert.Equal("Of the concept a, \"tile 1x6\", 0 latents were found in 100 drawn, but 5 are needed.", failed.Error.TrimEnd());
        Assert.False(Directory.Exists(_folder["x"]));
    }

    [Fact]
    public void Wrong_requests_are_told_in_a_line()
    {
        Told("--seeds must be seeds, or latents of seeds", "interpolate", _bricks, "--seeds", "x");
        Told("--seeds must be seeds, or latents of seeds", "interpolate", _bricks, "--seeds", "0:-3");
        Told("at most 1,024", "interpolate", _bricks, "--seeds", "0-2000");
        Told("A path needs two latents", "interpolate", _bricks, "--seeds", "3");
        Told("takes no label", "interpolate", _bricks, "--label", "3");
        Told("There is no class '12'", "walk", _digits, "--label", "12");
        Told("--points must be a whole number from 3", "walk", _digits, "--points", "2");
        Told("--at must be a number of at least 0.01", "truncate", _bricks, "--at", "1,x");
        Told("is a folder without generator.onnx", "walk", _reader);
        Told("which no --concept b=... describes", "arithmetic", _bricks, "--concept", "a=seeds:1");
        Told("is no formula", "arithmetic", _bricks, "--formula", "a * b");
        Told("is no concept", "arithmetic", _bricks, "--concept", "seeds");
        Told("name one with --reader", "arithmetic", _bricks, "--formula", "a", "--concept", "a=brick 2x4");
        Told("There is no class 'cat'", "arithmetic", _bricks, "--formula", "a", "--concept", "a=cat", "--reader", _reader);
        Told("have 1 channels, the classifier reads images of 3", "directions", _bricks, "--reader", Model("bricks-reader"));
        Told("reads no colour", "directions", _bricks, "--reader", _reader, "--attribute", "colour");
        Told("--distances must be positive numbers", "directions", _bricks, "--reader", _reader, "--distances", "0");
        Told("cannot be used", "project", _bricks, _folder["none.png"], "--features", _reader);

        void Told(string expected, params string[] arguments)
        {
            var outcome = InProcess.Gan(["latent", .. arguments, "--out", _folder["wrong"]]);
            Assert.True(outcome.Code == 2, outcome.ToString());
            Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
            Assert.Single(outcome.Error.TrimEnd().Split('\n'));
            Assert.False(Directory.Exists(_folder["wrong"]));
        }
    }

    /// <summary>With a program in the place of ffmpeg that writes what it gets, and without any.</summary>
    [Fact]
    public void A_video_is_written_by_ffmpeg_where_it_is()
    {
        if (OperatingSystem.IsWindows()) return; // The program in ffmpeg's place is a shell script.
        Directory.CreateDirectory(_folder["bin"]);
        string[] request = ["latent", "walk", _digits, "--frames", "5", "--format", "mp4", "--out", _folder["video"]];
        Outcome Run() => GanProgram.RunUnder([], new Dictionary<string, string> { ["PATH"] = _folder["bin"] }, _folder.Path, request);
        var none = Run();
        Assert.Equal(2, none.Code);
        Assert.Contains("--format mp4 needs ffmpeg", none.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["video"]));

        Ffmpeg("""
            #!/bin/sh
            [ "$1" = -version ] && exit 0
            for last; do :; done
            /bin/cat > "$last"
            """);
        var made = Run();
        Assert.True(made.Code == 0, made.ToString());
        Assert.Equal(5, Count(File.ReadAllBytes(_folder["video/animation.mp4"]), "\x89PNG\r\n"));
        Assert.Equal(["animation.mp4"], Directory.GetFiles(_folder["video"]).Select(Path.GetFileName));

        Ffmpeg("""
            #!/bin/sh
            [ "$1" = -version ] && exit 0
            echo "no such codec" >&2
            exit 3
            """);
        var failed = Run();
        Assert.Equal(1, failed.Code);
        Assert.Contains("ffmpeg could not write the video: no such codec", failed.Error, StringComparison.Ordinal);

        void Ffmpeg(string script)
        {
            File.WriteAllText(_folder["bin/ffmpeg"], script.ReplaceLineEndings("\n"));
            File.SetUnixFileMode(_folder["bin/ffmpeg"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string Model(string name) => Path.Combine(Repository.Root, "models", name);

    private static Outcome Done(params string[] arguments)
    {
        var outcome = InProcess.Gan(["latent", .. arguments]);
        Assert.True(outcome.Code == 0, outcome.ToString());
        return outcome;
    }

    /// <summary>Sides and frames: each frame has one graphic control extension.</summary>
    private static (int Width, int Height, int Frames) Gif(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return (BitConverter.ToUInt16(bytes, 6), BitConverter.ToUInt16(bytes, 8), Count(bytes, "\x21\xF9\x04"));
    }

    private static int Count(byte[] bytes, string mark)
    {
        var count = 0;
        var pattern = System.Text.Encoding.Latin1.GetBytes(mark);
        for (var at = 0; bytes.AsSpan(at).IndexOf(pattern) is >= 0 and var next; at += next + pattern.Length) count++;
        return count;
    }
}
