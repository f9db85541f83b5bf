using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using GanPipeline.Inference;
using Google.Protobuf;
using Onnx;
using ParquetSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Jobs.Tests;

/// <summary>What others read of each format.</summary>
public sealed class FormatTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Model(string name) => Path.Combine(Repository.Root, "tests", "Inference", "models", name);

    private void Make(ImageShardFormat format, string model = "conditional.onnx", int count = 20)
    {
        using var job = GenerationJob.Open(new GenerationOptions
        {
            ModelFile = Model(model), Folder = _folder["out"], Count = count, Seeds = [7], Format = format, ShardSize = 12,
            Model = new() { BatchSize = 5 },
        });
        job.Run();
    }

    /// <summary>The same images and labels, as the library gives them.</summary>
    private static (byte[][] Pixels, string[][] Labels) Expected(string model = "conditional.onnx", int count = 20)
    {
        using var generator = GeneratorModel.Load(Model(model), new ModelOptions { BatchSize = 5 });
        // Batches as in the job: its shards begin anew.
        byte[] pixels = [.. generator.SamplePixels(12, 7), .. generator.SamplePixels(count - 12, 7, first: 12)];
        var form = SampleForm.Of(generator);
        var vectors = generator.LabelVectors(count, 7);
        var batch = new SampleBatch(0, 7, 0, count, pixels, vectors);
        return (pixels.Chunk(generator.ImageSize).ToArray(), [.. Enumerable.Range(0, count).Select(i => form.Describe(batch, i))]);
    }

    private static byte[] Pixels(Stream picture)
    {
        using var image = Image.Load<Rgb24>(picture);
        var pixels = new byte[image.Width * image.Height * 3];
        image.CopyPixelDataTo(pixels);
        return pixels;
    }

    [Fact]
    public void A_folder_has_pictures_and_their_labels()
    {
        Make(ImageShardFormat.Png);
        var (pixels, labels) = Expected();
        for (var i = 0; i < 20; i++)
        {
            using var file = File.OpenRead(_folder[$"out/{i / 12:D5}/{i:D9}.png"]);
            Assert.Equal(pixels[i], Pixels(file));
        }
        var lines = File.ReadAllLines(_folder["out/00001/labels.csv"]);
        Assert.Equal("file,class,bright", lines[0]);
        Assert.Equal($"000000012.png,{labels[12][0]},{labels[12][1]}", lines[1]);
        Assert.Equal(9, lines.Length);
    }

    [Fact]
    public void Jpeg_files_are_near_the_images()
    {
        Make(ImageShardFormat.Jpeg);
        using var file = File.OpenRead(_folder["out/00000/000000003.jpg"]);
        Assert.Equal(Expected().Pixels[3].Length, Pixels(file).Length);
        Assert.Empty(Directory.GetFiles(_folder["out/00000"], "*.png"));
    }

    [Fact]
    public void A_tar_file_has_the_files_of_each_sample_together()
    {
        Make(ImageShardFormat.Tar);
        var (pixels, labels) = Expected();
        using var tar = new TarReader(File.OpenRead(_folder["out/00001.tar"]));
        for (var i = 12; i < 20; i++)
        {
            var picture = tar.GetNextEntry(copyData: true)!;
            Assert.Equal($"{i:D9}.png", picture.Name);
            Assert.Equal(pixels[i], Pixels(picture.DataStream!));
            var json = tar.GetNextEntry(copyData: true)!;
            Assert.Equal($"{i:D9}.json", json.Name);
            using var text = new StreamReader(json.DataStream!);
            Assert.Equal($$$"""{"seed":7,"index":{{{i}}},"label":{"class":"{{{labels[i][0]}}}","bright":"{{{labels[i][1]}}}"}}""",
                text.ReadToEnd());
        }
        Assert.Null(tar.GetNextEntry());
    }

    [PeerFact(Python, "-c", "import numpy")]
    public void NumPy_reads_its_own()
    {
        Make(ImageShardFormat.Npy);
        Directory.Move(_folder["out"], _folder["npy"]);
        Make(ImageShardFormat.Npz);
        var (pixels, _) = Expected();
        var printed = Script("""
            import numpy, hashlib, sys
            a = numpy.load('npy/00000.npy'); b = numpy.load('npy/00001-labels.npy')
            z = numpy.load('out/00000.npz'); y = numpy.load('out/00001.npz')
            print(a.shape, a.dtype, b.shape, b.dtype, (z['images'] == a).all(), (y['labels'] == b).all(), a[3].tobytes().hex())
            """);
        Assert.Equal($"(12, 4, 8, 3) uint8 (8, 4) float32 True True {Convert.ToHexStringLower(pixels[3])}", printed);
    }

    [PeerFact(Python, "-c", "import struct")]
    public void Idx_files_have_sizes_and_bytes()
    {
        Make(ImageShardFormat.Idx);
        var (pixels, _) = Expected();
        var printed = Script("""
            import struct
            f = open('out/00001-images-idx4-ubyte', 'rb')
            print(struct.unpack('>5i', f.read(20)), f.read(96).hex())
            """);
        Assert.Equal($"(2052, 8, 4, 8, 3) {Convert.ToHexStringLower(pixels[12])}", printed);
        // Two fields are no class.
        Assert.False(File.Exists(_folder["out/00001-labels-idx1-ubyte"]));
    }

    /// <summary>As Apache Arrow reads it.</summary>
    [Fact]
    public void A_parquet_file_has_pictures_seeds_and_labels()
    {
        Make(ImageShardFormat.Parquet);
        var (pixels, labels) = Expected();
        using var file = new ParquetFileReader(_folder["out/00001.parquet"]);
        Assert.Equal(8, file.FileMetaData.NumRows);
        using var rows = file.RowGroup(0);
        var pictures = Column<Nested<byte[]>?>(0);
        for (var i = 0; i < 8; i++) Assert.Equal(pixels[12 + i], Pixels(new MemoryStream(pictures[i]!.Value.Value)));
        Assert.Equal("000000012.png", Column<Nested<string>?>(1)[0]!.Value.Value);
        Assert.Equal(Enumerable.Repeat(7L, 8), Column<long>(2));
        Assert.Equal([12, 13, 14, 15, 16, 17, 18, 19], Column<long>(3));
        Assert.Equal(labels[12..].Select(label => label[0]), Column<string>(4));
        // The texts have five digits.
        Assert.All(labels[12..].Zip(Column<double>(5)), pair =>
            Assert.Equal(double.Parse(pair.First[1], CultureInfo.InvariantCulture), pair.Second, 1e-4));
        Assert.Equal("""
            {"info":{"features":{"image":{"_type":"Image"},"seed":{"dtype":"int64","_type":"Value"},
            "index":{"dtype":"int64","_type":"Value"},"class":{"dtype":"string","_type":"Value"},
            "bright":{"dtype":"float64","_type":"Value"}}}}
            """.ReplaceLineEndings(""), file.FileMetaData.KeyValueMetadata["huggingface"]);

        T[] Column<T>(int index) => rows.Column(index).LogicalReader<T>().ReadAll(8);
    }

    /// <summary>More rows than one group holds; the last shard's last group is smaller.</summary>
    [Fact]
    public void A_parquet_file_has_rows_in_groups()
    {
        using (var job = GenerationJob.Open(new GenerationOptions
        {
            ModelFile = Model("generator.onnx"), Folder = _folder["out"], Count = 2_300, Seeds = [7], Format = ImageShardFormat.Parquet,
            Model = new() { BatchSize = 64 },
        }))
        {
            job.Run();
        }
        using var file = new ParquetFileReader(_folder["out/00000.parquet"]);
        var sizes = Enumerable.Range(0, file.FileMetaData.NumRowGroups).Select(group =>
        {
            using var rows = file.RowGroup(group);
            return rows.MetaData.NumRows;
        });
        Assert.Equal([1000, 1000, 300], sizes);
    }

    /// <summary>The label is one of four classes, in turn: its number is what trainers read.</summary>
    [Fact]
    public void A_class_is_its_number()
    {
        const string fields = """[{"name":"class","kind":"categorical","values":["ant","bee","cat","dog"]}]""";
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Model("conditional.onnx")));
        model.MetadataProps.Single(entry => entry.Key == ModelMetadata.Labels).Value = fields;
        File.WriteAllBytes(_folder["classes.onnx"], model.ToByteArray());
        Make(ImageShardFormat.Idx, _folder["classes.onnx"]);
        Assert.Equal([0, 0, 8, 1, 0, 0, 0, 8, 0, 1, 2, 3, 0, 1, 2, 3], File.ReadAllBytes(_folder["out/00001-labels-idx1-ubyte"]));

        Directory.Delete(_folder["out"], recursive: true);
        Make(ImageShardFormat.Tar, _folder["classes.onnx"]);
        using var tar = new TarReader(File.OpenRead(_folder["out/00000.tar"]));
        List<string> names = [], classes = [];
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            names.Add(entry.Name);
            if (!entry.Name.EndsWith(".cls", StringComparison.Ordinal)) continue;
            using var text = new StreamReader(entry.DataStream!);
            classes.Add(text.ReadToEnd());
        }
        Assert.Equal(["000000000.png", "000000000.cls", "000000000.json", "000000001.png"], names.Take(4));
        Assert.Equal(["0", "1", "2", "3", "0"], classes.Take(5));

        Directory.Delete(_folder["out"], recursive: true);
        Make(ImageShardFormat.Parquet, _folder["classes.onnx"]);
        using var file = new ParquetFileReader(_folder["out/00000.parquet"]);
        using var rows = file.RowGroup(0);
        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3], rows.Column(4).LogicalReader<long>().ReadAll(12));
        Assert.Equal(["ant", "bee", "cat"], rows.Column(5).LogicalReader<string>().ReadAll(12).Take(3));
        Assert.Contains("""
            "label":{"names":["ant","bee","cat","dog"],"_type":"ClassLabel"}
            """, file.FileMetaData.KeyValueMetadata["huggingface"], StringComparison.Ordinal);
    }

    [PeerFact("/usr/bin/sha256sum", "--version")]
    public void Checksums_are_those_of_sha256sum()
    {
        Make(ImageShardFormat.Tar);
        var check = Process.Start(new ProcessStartInfo("/usr/bin/sha256sum", ["--check", "--quiet", "00000.sha256", "00001.sha256"])
        {
            WorkingDirectory = _folder["out"],
        })!;
        check.WaitForExit();
        Assert.Equal(0, check.ExitCode);
    }

    private string Script(string text)
    {
        var run = Process.Start(new ProcessStartInfo(Python, ["-c", text])
        {
            WorkingDirectory = _folder.Path, RedirectStandardOutput = true,
        })!;
        var output = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        return output.Trim();
    }
}
