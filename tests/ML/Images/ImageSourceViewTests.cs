using GanPipeline.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Tests;

/// <summary>Data sets as data views.</summary>
public sealed class ImageSourceViewTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_classes_is_images_labels_and_files()
    {
        WriteFolder();
        File.WriteAllText(_folder["pictures/slopes/broken.png"], "no picture");
        using var view = _ml.Data.LoadFromImages(_folder["pictures"], imageSize: 8, channels: 1);
        Assert.Equal(["Image", "Label", "File"], view.Schema.Select(column => column.Name));
        Assert.Equal([1, 8, 8], view.Dimensions("Image"));
        Assert.Null(view.GetRowCount());

        // Rows that cannot be used are left out whatever is asked for.
        Assert.Equal(200, view.Values<uint>("Label").Length);
        Assert.Equal(200, view.Vectors("Image").Length);
        Assert.Equal(200, view.GetRowCount());
        Assert.Contains("broken.png", Assert.Single(view.SkippedImages).File, StringComparison.Ordinal);
        var files = view.Values<ReadOnlyMemory<char>>("File").Select(file => file.ToString()).ToArray();
        string[] classes = ["bricks", "slopes"];
        Assert.Equal(files.Select(file => (uint)Array.FindIndex(classes, file.Contains) + 1), view.Values<uint>("Label"));
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Label"].GetKeyValues(ref names);
        Assert.Equal(classes, names.DenseValues().Select(name => name.ToString()));

        // The same as single files.
        var reader = new PictureReader(8, 1);
        var single = files.Select(file => reader.Read(Path.Combine(_folder["pictures"], file)).Values);
        Reading.AssertClose(view.Vectors("Image"), [.. single], 0);
    }

    [Fact]
    public void Every_order_and_every_set_of_cursors_shows_each_image_once()
    {
        using var source = new ShapesSource(500, usable: index => index % 7 != 0);
        using var view = _ml.Data.LoadFromImages(source);
        var expected = Enumerable.Range(0, 500).Where(i => i % 7 != 0).Select(i => (ulong)i).ToArray();
        Assert.Equal(expected, Ids(view.GetRowCursor(view.Schema)));
        var shuffled = Ids(view.GetRowCursor(view.Schema, new Random(1)));
        Assert.NotEqual(expected, shuffled);
        Assert.Equal(expected, shuffled.Order());
        Assert.Equal(shuffled, Ids(view.GetRowCursor([], new Random(1))));
        foreach (var count in (int[])[1, 2, 5, 100])
        {
            var set = view.GetRowCursorSet(view.Schema, count);
            Assert.InRange(set.Length, 1, Math.Min(count, 7));
            Assert.Equal(expected, set.SelectMany(Ids).Order());
        }
        var rows = _ml.Data.ShuffleRows(view, seed: 3).Vectors("Image").Length;
        Assert.Equal(expected.Length, rows);
        var split = _ml.Data.TrainTestSplit(view, 0.2, seed: 1);
        Assert.Equal(expected.Length, split.TrainSet.Values<uint>("Label").Length + split.TestSet.Values<uint>("Label").Length);
    }

    [Fact]
    public void Batches_say_in_which_order_the_rows_of_a_set_belong()
    {
        using var source = new ShapesSource(300);
        using var view = _ml.Data.LoadFromImages(source);
        List<(long Batch, ulong Id)> rows = [];
        foreach (var cursor in view.GetRowCursorSet([], 2))
        {
            using (cursor)
            {
                var id = cursor.GetIdGetter();
                DataViewRowId value = default;
                while (cursor.MoveNext())
                {
                    id(ref value);
                    rows.Add((cursor.Batch, value.Low));
                }
            }
        }
        var ordered = rows.OrderBy(row => row.Batch).ThenBy(row => row.Id).Select(row => row.Id);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (ulong)i), ordered);
        Assert.Equal(rows.OrderBy(row => row.Id).Select(row => row.Batch).Order(), rows.OrderBy(row => row.Id).Select(row => row.Batch));
        Assert.Equal(300, view.GetRowCount());
    }

    [Fact]
    public void Attributes_are_columns_of_their_own_types()
    {
        WriteFolder();
        var lines = Directory.GetFiles(_folder["pictures/bricks"]).Order().Select((file, i) =>
            $"bricks/{Path.GetFileName(file)},{(i % 2 == 0 ? "red" : "blue")},{i % 3 == 0},{i / 10.0}");
        File.WriteAllLines(_folder["table.csv"], ["file,color,has hat,weight", .. lines]);
        using var view = _ml.Data.LoadFromImages(new DataOptions
        {
            Kind = "folder", Path = _folder["pictures"], Size = 8, Channels = 3, Attributes = _folder["table.csv"],
            Missing = MissingAttributes.LeaveOut,
        });
        Assert.Equal(100, view.Vectors("Image").Length);
        var colors = _ml.Transforms.Conversion.MapKeyToValue("Name", "color").Fit(view).Transform(view);
        Assert.Equal(["red", "blue", "red"], colors.GetColumn<string>("Name").Take(3));
        Assert.Equal([true, false, false, true], view.Values<bool>("has hat").Take(4));
        Assert.Equal([0, 0.1f, 0.2f], view.Values<float>("weight").Take(3), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void A_model_knows_what_its_images_are()
    {
        WriteFolder();
        var model = Path.Combine(Repository.Root, "tests", "ML", "models", "features.onnx");
        using var view = _ml.Data.LoadFromImages(_folder["pictures"], modelFile: model);
        Assert.Equal([1, 16, 16], view.Dimensions("Image"));
        Assert.Throws<ArgumentException>(() => _ml.Data.LoadFromImages(_folder["pictures"], channels: 3, modelFile: model));
        Assert.Throws<DataSetException>(() => _ml.Data.LoadFromImages(_folder["none"], imageSize: 8));
        view.Dispose();
        Assert.Contains("was disposed", Assert.Throws<ObjectDisposedException>(() => view.GetRowCursor(view.Schema)).Message,
            StringComparison.Ordinal);
    }

    private static ulong[] Ids(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var id = cursor.GetIdGetter();
            DataViewRowId value = default;
            List<ulong> ids = [];
            while (cursor.MoveNext())
            {
                id(ref value);
                ids.Add(value.Low);
            }
            return [.. ids];
        }
    }

    private void WriteFolder()
    {
        var random = new Random(2);
        var images = new ImageTensor(100, 3, 8, 8);
        foreach (var name in (string[])["bricks", "slopes"])
        {
            foreach (ref var value in images.Values.AsSpan()) value = random.NextSingle() * 2 - 1;
            for (var i = 0; i < images.Count; i++) Inference.Pictures.SavePng(images, i, _folder[$"pictures/{name}/{i:000}.png"]);
        }
    }
}
