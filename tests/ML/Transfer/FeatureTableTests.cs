using GanPipeline.Data;
using GanPipeline.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Tests;

public sealed class FeatureTableTests : IDisposable
{
    // 0 keeps every read on the disk; the other holds all in memory.
    public static TheoryData<long> Ceilings => [0, 1 << 20];

    private readonly TemporaryFolder _folder = new();
    private readonly ShapesSource _source = new(300);

    public void Dispose() => _folder.Dispose();

    private FeatureTable Pixels(IImageSource? from = null, IReadOnlyList<int>? images = null, long memory = 0) =>
        FeatureTables.Make(_folder["table"], from ?? _source, images, null, new FeatureTableOptions { MemoryBytes = memory });

    private static float[] Expected(IImageSource source, int image)
    {
        var pixels = new byte[source.Shape.Size];
        source.TryRead(image, pixels);
        return [.. pixels.Select(p => p / 127.5f - 1)];
    }

    private static List<(float[] Features, uint Label, long Position)> Read(DataViewRowCursor cursor)
    {
        var rows = new List<(float[], uint, long)>();
        using (cursor)
        {
            var features = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Features"]);
            var label = cursor.GetGetter<uint>(cursor.Schema["Label"]);
            VBuffer<float> vector = default;
            uint key = 0;
            while (cursor.MoveNext())
            {
                features(ref vector);
                label(ref key);
                rows.Add(([.. vector.DenseValues()], key, cursor.Position));
            }
        }
        return rows;
    }

    [Theory, MemberData(nameof(Ceilings))]
    public void Rows_come_back_as_they_were_written(long memory)
    {
        using var table = Pixels(memory: memory);
        Assert.Equal(memory > 0, table.InMemory);
        Assert.Equal((300, 36, 300L), (table.Count, table.Columns, table.GetRowCount()));
        var rows = Read(table.GetRowCursor(table.Schema));
        Assert.Equal(300, rows.Count);
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(Expected(_source, i), rows[i].Features);
            Assert.Equal(((uint)_source.Label(i) + 1, (long)i), (rows[i].Label, rows[i].Position));
        }
    }

    [Fact]
    public void The_label_is_a_key_with_the_classes_names()
    {
        using var table = Pixels();
        var column = table.Schema["Label"];
        Assert.Equal(3ul, Assert.IsType<KeyDataViewType>(column.Type).Count);
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue("KeyValues", ref names);
        Assert.Equal(["class 0", "class 1", "class 2"], names.DenseValues().Select(n => n.ToString()));
    }

    /// <summary>A layer's features: columns of the table, which a part of a part counts on from its own.</summary>
    [Theory, MemberData(nameof(Ceilings))]
    public void A_part_has_some_of_the_columns(long memory)
    {
        using var table = Pixels(memory: memory);
        var part = table.Part(5, 9).Part(2, 3);
        Assert.Equal((3, table.Count), (part.Columns, part.Count));
        Assert.Equal(3, ((VectorDataViewType)part.Schema["Features"].Type).Size);
        var rows = Read(part.Select([7, 299]).GetRowCursor(part.Schema));
        Assert.Equal(Expected(_source, 7)[7..10], rows[0].Features);
        Assert.Equal(Expected(_source, 299)[7..10], rows[1].Features);
        Assert.Equal((uint)table.Labels[299] + 1, rows[1].Label);
        Assert.Throws<ArgumentOutOfRangeException>(() => part.Part(1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => part.Part(0, 0));
    }

    [Fact]
    public void A_selection_has_its_own_order()
    {
        using var table = Pixels();
        var rows = Read(table.Select([7, 3, 7, 299]).GetRowCursor(table.Schema));
        Assert.Equal([7, 3, 7, 299], rows.Select(r => Enumerable.Range(0, 300).First(i => Expected(_source, i).SequenceEqual(r.Features))));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Select([300]));
    }

    [Fact]
    public void Cursors_of_a_set_share_the_rows_and_tell_their_order()
    {
        using var table = Pixels();
        var cursors = table.GetRowCursorSet(table.Schema, 3);
        Assert.Equal(3, cursors.Length);
        var found = new List<(long Batch, int At, float[] Features)>();
        Parallel.ForEach(cursors, cursor =>
        {
            var features = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Features"]);
            VBuffer<float> vector = default;
            var at = 0;
            while (cursor.MoveNext())
            {
                features(ref vector);
                lock (found) found.Add((cursor.Batch, at++, [.. vector.DenseValues()]));
            }
        });
        var order = found.OrderBy(f => f.Batch).ThenBy(f => f.At).Select(f => f.Features).ToArray();
        Assert.Equal(Read(table.GetRowCursor(table.Schema)).Select(r => r.Features), order);
    }

    [Fact]
    public void Shuffled_cursors_give_every_row_once()
    {
        using var table = Pixels();
        var straight = Read(table.GetRowCursor(table.Schema)).Select(r => r.Features[0] + 1000 * r.Label).ToArray();
        var shuffled = Read(table.GetRowCursor(table.Schema, new Random(1))).Select(r => r.Features[0] + 1000 * r.Label).ToArray();
        Assert.NotEqual(straight, shuffled);
        Assert.Equal(straight.Order(), shuffled.Order());
    }

    [Fact]
    public void A_table_is_made_once_for_the_same_images_and_model()
    {
        Pixels().Dispose();
        var reads = _source.Reads;
        Pixels().Dispose();
        Assert.Equal(reads, _source.Reads);
        using (var fewer = Pixels(images: [5, 6])) Assert.Equal([5, 6], fewer.Images);
        using (var other = Pixels(new ShapesSource(300, seed: 1))) Assert.Equal(300, other.Count);
    }

    [Fact]
    public void A_table_of_more_images_serves_where_that_is_allowed()
    {
        var source = new ShapesSource(300, usable: i => i % 10 != 4);
        var options = new FeatureTableOptions { AllowMoreImages = true };
        FeatureTable Make(IImageSource from, params int[]? images) => FeatureTables.Make(_folder["table"], from, images, null, options);

        Make(source, null).Dispose();
        var reads = source.Reads;
        using (var whole = Make(source, 5, 14, 6)) Assert.Equal(270, whole.Count); // 14 was not usable, and is not tried again.
        Assert.Equal(reads, source.Reads);
        using (var other = Make(new ShapesSource(300, seed: 1), 5, 6, 8)) Assert.Equal([5, 6, 8], other.Images);
        using (var fewer = Make(new ShapesSource(300, seed: 1), 8, 5)) Assert.Equal([5, 6, 8], fewer.Images);
        using (var others = Make(new ShapesSource(300, seed: 1), 8, 9)) Assert.Equal([8, 9], others.Images);
        using (var all = Make(new ShapesSource(300, seed: 1), null)) Assert.Equal(300, all.Count);
    }

    [Fact]
    public void Unusable_images_have_no_row()
    {
        using var table = Pixels(new ShapesSource(300, usable: i => i % 10 != 4));
        Assert.Equal((270, 30), (table.Count, table.Info.Skipped));
        Assert.DoesNotContain(table.Images, i => i % 10 == 4);
        Assert.Throws<DataSetException>(() => FeatureTables.Make(_folder["none"], new ShapesSource(300, usable: _ => false), null, null));
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public void Nothing_is_left_of_work_that_was_stopped()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            FeatureTables.Make(_folder["table"], _source, null, null, null, done => stop.Cancel(),
            stop.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Other_things_in_the_folder_stay()
    {
        Directory.CreateDirectory(_folder["table"]);
        File.WriteAllText(_folder["table/mine.txt"], "");
        Assert.Contains("mine.txt", Assert.Throws<IOException>(() => Pixels()).Message, StringComparison.Ordinal);
        File.Delete(_folder["table/mine.txt"]);
        Pixels().Dispose();
        File.WriteAllText(_folder["table/mine.txt"], "");
        Assert.Throws<IOException>(() => Pixels(images: [1, 2]));
        Assert.Throws<IOException>(() => FeatureTables.Delete(_folder["table"]));
        Assert.True(File.Exists(_folder["table/mine.txt"]));
    }

    [Fact]
    public void A_damaged_table_is_made_again_and_named_when_opened()
    {
        Pixels().Dispose();
        using (var file = File.OpenWrite(_folder["table/features.npy"])) file.SetLength(file.Length - 4);
        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(() => FeatureTable.Open(_folder["table"])).Message,
            StringComparison.Ordinal);
        Pixels().Dispose();
        using var table = FeatureTable.Open(_folder["table"]);
        Assert.Equal(300, table.Count);
        Assert.Contains("absent", Assert.Throws<DirectoryNotFoundException>(() => FeatureTable.Open(_folder["absent"])).Message,
            StringComparison.Ordinal);
    }

    [PeerFact("/usr/bin/python3", "-c", "import numpy")]
    public void NumPy_reads_it()
    {
        using var table = Pixels();
        var (_, answer, _) = Peers.Run("/usr/bin/python3", "-c",
            $"import numpy as n; f,l=(n.load('{_folder["table"]}/'+x+'.npy') for x in ('features','labels')); " +
            "print(f.shape, f.dtype, l.dtype, int(l.sum()), round(float(f[299,35]),6))");
        var last = Expected(_source, 299)[35];
        Assert.Equal(FormattableString.Invariant($"(300, 36) float32 int32 300 {Math.Round(last, 6)}"), answer.Trim());
    }

    [Fact]
    public void Features_are_the_models()
    {
        var model = Path.Combine(Repository.Root, "tests", "Inference", "models", "features.onnx");
        using var network = FeatureModel.Load(model);
        using var images = new ModelSource(network);
        using var table = FeatureTables.Make(_folder["table"], images, null, model);
        var row = new float[table.Columns];
        for (var i = 0; i < images.Count; i += 37)
        {
            table.Read(i, row);
            var expected = new float[network.FeatureCount];
            network.Extract(Expected(images, i), expected);
            // Batches of 128 and of 1 add in another order.
            for (var f = 0; f < row.Length; f++) Assert.Equal(expected[f], row[f], 1e-5);
        }
    }

    [Fact]
    public void A_model_for_other_images_names_both()
    {
        var model = Path.Combine(Repository.Root, "tests", "Inference", "models", "features.onnx");
        var message = Assert.Throws<ModelException>(() => FeatureTables.Make(_folder["table"], _source, null, model)).Message;
        Assert.Contains("6 x 6 pixels in 1 channel", message, StringComparison.Ordinal);
        using var network = FeatureModel.Load(model);
        Assert.Contains($"{network.Width} x {network.Height} pixels in {network.Channels} channel", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cursors_fail_once_the_table_is_closed()
    {
        var table = Pixels();
        using var cursor = table.GetRowCursor(table.Schema);
        Assert.True(cursor.MoveNext());
        var getter = cursor.GetGetter<VBuffer<float>>(table.Schema["Features"]);
        table.Dispose();
        VBuffer<float> vector = default;
        Assert.Throws<ObjectDisposedException>(() => getter(ref vector));
    }

    /// <summary>200 pictures of a model's shape.</summary>
    private sealed class ModelSource(FeatureModel model) : IImageSource
    {
        public string Name => "random";
        public int Count => 200;
        public ImageShape Shape => new(model.Channels, model.Height, model.Width);
        public IReadOnlyList<string> Classes => ["one", "other"];
        public string Fingerprint => "random";
        public int Skipped => 0;
        public IReadOnlyList<SkippedImage> SkippedImages => [];
        public int Label(int index) => index % 2;
        public void Dispose() { }

        public bool TryRead(int index, Span<byte> pixels)
        {
            new Random(index).NextBytes(pixels);
            return true;
        }
    }
}
