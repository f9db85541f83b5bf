using GanPipeline.Inference;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Onnx;

namespace GanPipeline.ML.Tests;

/// <summary>Real rows and generated ones of their classes: by name, in any number, in an order by the seed.</summary>
public sealed class AppendGeneratedTests : IDisposable
{
    private static readonly string[] _names = ["dog", "ant", "cat"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A generator of four classes.</summary>
    private string Generator(string values = """["ant","bee","cat","dog"]""")
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(TestModels.Conditional));
        model.MetadataProps.Single(entry => entry.Key == ModelMetadata.Labels).Value =
            $$"""[{"name":"class","kind":"categorical","values":{{values}}}]""";
        File.WriteAllBytes(_folder["classes.onnx"], model.ToByteArray());
        return _folder["classes.onnx"];
    }

    private sealed class Animal
    {
        [VectorType(3, 4, 8)]
        public float[] Image { get; set; } = [];

        public string Label { get; set; } = "";

        public int Number { get; set; }
    }

    /// <summary>Rows whose images are a hundredth of their number; dogs, ants and cats in the proportion 3 : 2 : 1.</summary>
    private IDataView Texts(int count = 12) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Animal
    {
        Image = [.. Enumerable.Repeat(i / 100f, TestModels.ImageSize)], Label = _names[(i % 6) switch { < 3 => 0, < 5 => 1, _ => 2 }],
        Number = i,
    }));

    /// <summary>The same with keys: dog is 1, ant 2, cat 3, other numbers than the generator's.</summary>
    private IDataView Keys(int count = 12)
    {
        var texts = Texts(count);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(texts).Transform(texts);
    }

    private static string[] Labels(IDataView view) => [.. view.Schema["Label"].Type is KeyDataViewType
        ? view.Values<uint>("Label").Select(key => _names[key - 1])
        : view.Values<ReadOnlyMemory<char>>("Label").Select(name => name.ToString())];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Classes_are_matched_by_their_names(bool keys)
    {
        var path = Generator();
        var real = keys ? Keys() : Texts();
        using var view = _ml.Data.AppendGenerated(real, path, perClass: 7, seed: 3);
        Assert.Equal(["Image", "Label", "Generated"], view.Schema.Select(column => column.Name));
        Assert.Equal(real.Schema["Label"].Type, view.Schema["Label"].Type);
        Assert.Equal(real.Schema["Image"].Type, view.Schema["Image"].Type);

        var generated = view.Values<bool>("Generated");
        Assert.Equal((12, 21, 33L), (generated.Count(g => !g), generated.Count(g => g), view.GetRowCount()));
        var labels = Labels(view);
        var images = view.Vectors("Image");
        Assert.All(_names, name => Assert.Equal(7, labels.Zip(generated).Count(row => row.First == name && row.Second)));
        // The real rows in their order, with their labels.
        float[][] own = [.. images.Where((_, i) => !generated[i])];
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i / 100f), own.Select(image => image[0]));
        Assert.Equal(Labels(real), labels.Where((_, i) => !generated[i]));
        // The generated ones are those of a view of the generator with these labels, each under its name.
        var classes = keys ? _names : [.. _names.Order(StringComparer.Ordinal)];
        using var generator = GeneratorModel.Load(path);
        var samples = generator.Sample(21, seed: 3, labels: classes).Values.Chunk(TestModels.ImageSize).ToArray();
        var seen = new Dictionary<string, int>();
        for (var i = 0; i < images.Length; i++)
        {
            if (!generated[i]) continue;
            var place = Array.IndexOf(classes, labels[i]);
            var n = seen[labels[i]] = seen.GetValueOrDefault(labels[i], -1) + 1;
            Reading.AssertClose([samples[n * 3 + place]], [images[i]]);
        }
    }

    [Fact]
    public void Rows_are_mixed_by_the_seed_and_every_cursor_shows_the_same()
    {
        var path = Generator();
        bool[] Order(long seed, bool shuffle = true)
        {
            using var view = _ml.Data.AppendGenerated(Keys(60), new GeneratedAppendingOptions
            {
                ModelFile = path, PerClass = 20, Seed = seed, Shuffle = shuffle, Model = new() { BatchSize = 8 },
            });
            var order = view.Values<bool>("Generated");
            Assert.Equal(order, view.Values<bool>("Generated"));
            var images = view.Vectors("Image");
            // Whatever else a cursor is asked for, and in parallel.
            Parallel.For(0, 4, _ => Assert.Equal(images, view.Vectors("Image")));
            var all = view.Preview(200).RowView;
            Assert.Equal(120, all.Length);
            Assert.Equal(order, all.Select(row => (bool)row.Values[2].Value));
            Assert.Equal(images.Select(image => image[5]), all.Select(row => ((VBuffer<float>)row.Values[0].Value).GetItemOrDefault(5)));
            return order;
        }

        var first = Order(1);
        Assert.NotEqual(first, Order(2));
        // Of 60 real rows about half are in the first half: six standard deviations of the hypergeometric distribution are 16.
        Assert.InRange(first.Take(60).Count(generated => !generated), 14, 46);
        Assert.Equal(Enumerable.Range(0, 120).Select(i => i >= 60), Order(1, shuffle: false));
    }

    [Fact]
    public void Small_classes_are_filled_up()
    {
        var path = Generator();
        // 6 dogs, 4 ants, 2 cats.
        using var largest = _ml.Data.AppendGenerated(Keys(), new GeneratedAppendingOptions { ModelFile = path, FillTo = 0 });
        Assert.Null(largest.GetRowCount());
        Assert.Equal([6, 6, 6], _names.Select(name => Labels(largest).Count(label => label == name)));
        Assert.Equal(18, largest.GetRowCount());
        using var more = _ml.Data.AppendGenerated(Texts(), new GeneratedAppendingOptions { ModelFile = path, FillTo = 5 });
        Assert.Equal([6, 5, 5], _names.Select(name => Labels(more).Count(label => label == name)));
        using var some = _ml.Data.AppendGenerated(Keys(), new GeneratedAppendingOptions
        {
            ModelFile = path, PerClass = 3, Classes = ["cat"],
        });
        Assert.Equal([6, 4, 5], _names.Select(name => Labels(some).Count(label => label == name)));
        using var none = _ml.Data.AppendGenerated(Keys(), path, perClass: 0);
        Assert.Equal(12, none.Values<bool>("Generated").Count(generated => !generated));
    }

    /// <summary>Several fields: one is the class, and the other is drawn.</summary>
    [Fact]
    public void A_generator_with_several_fields()
    {
        var texts = _ml.Data.LoadFromEnumerable(new[] { "cat", "emu" }.Select(name => new Animal
        {
            Image = new float[TestModels.ImageSize], Label = name,
        }));
        using var view = _ml.Data.AppendGenerated(texts, TestModels.Conditional, perClass: 4, seed: 9);
        using var generator = GeneratorModel.Load(TestModels.Conditional);
        var samples = generator.Sample(8, seed: 9, labels: ["class=cat", "class=emu"]).Values.Chunk(TestModels.ImageSize).ToArray();
        var labels = view.Values<ReadOnlyMemory<char>>("Label").Select(name => name.ToString()).ToArray();
        var generated = view.Values<bool>("Generated");
        float[][] cats = [.. view.Vectors("Image").Where((_, i) => generated[i] && labels[i] == "cat")];
        Reading.AssertClose([.. samples.Where((_, i) => i % 2 == 0)], cats);
        var error = Assert.Throws<ArgumentException>(() => _ml.Data.AppendGenerated(Keys(), new GeneratedAppendingOptions
        {
            ModelFile = TestModels.Conditional, PerClass = 1, ClassField = "bright",
        }));
        Assert.Contains("'bright'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generator_of_one_kind_is_told_what_it_makes()
    {
        using var view = _ml.Data.AppendGenerated(Keys(), new GeneratedAppendingOptions
        {
            ModelFile = TestModels.Generator, PerClass = 5, Classes = ["ant"],
        });
        Assert.Equal([6, 9, 2], _names.Select(name => Labels(view).Count(label => label == name)));
        var error = Assert.Throws<ArgumentException>(() => _ml.Data.AppendGenerated(Keys(), TestModels.Generator, perClass: 5));
        Assert.Contains("Name their class in Classes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_learns_from_the_view()
    {
        using var view = _ml.Data.AppendGenerated(Keys(), Generator(), perClass: 10);
        var model = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features)
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(view);
        Assert.Equal(12, _ml.MulticlassClassification.Evaluate(model.Transform(Keys())).ConfusionMatrix.Counts.Sum(row => row.Sum()));
        // A test set has no generated rows.
        var real = _ml.Data.FilterByCustomPredicate<Row>(view, row => row.Generated);
        Assert.Equal(12, real.Preview(100).RowView.Length);
    }

    private sealed class Row
    {
        public bool Generated { get; set; }
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        void Told<T>(string what, Func<IDisposable> make) where T : ArgumentException =>
            Assert.Contains(what, Assert.Throws<T>(() => make().Dispose()).Message, StringComparison.Ordinal);

        Told<ArgumentException>("knows no class 'dog'; it knows 'ant', 'bee', 'cat', 'cow'",
            () => _ml.Data.AppendGenerated(Keys(), Generator("""["ant","bee","cat","cow"]"""), perClass: 1));
        var path = Generator();
        Told<ArgumentException>("no class 'bee'", () => _ml.Data.AppendGenerated(
            Keys(), new GeneratedAppendingOptions { ModelFile = path, PerClass = 1, Classes = ["bee"] }));
        Told<ArgumentException>("twice", () => _ml.Data.AppendGenerated(
            Keys(), new GeneratedAppendingOptions { ModelFile = path, PerClass = 1, Classes = ["ant", "ant"] }));
        Told<ArgumentException>("either PerClass or FillTo", () => _ml.Data.AppendGenerated(
            Keys(), new GeneratedAppendingOptions { ModelFile = path }));
        Told<ArgumentOutOfRangeException>("PerClass", () => _ml.Data.AppendGenerated(Keys(), path, perClass: -1));
        Told<ArgumentOutOfRangeException>("a key with the names of its values (MapValueToKey), or a text, got Int32",
            () => _ml.Data.AppendGenerated(
                Keys(), new GeneratedAppendingOptions { ModelFile = path, PerClass = 1, LabelColumnName = "Number" }));
        Told<ArgumentOutOfRangeException>("'Picture'", () => _ml.Data.AppendGenerated(
            Keys(), new GeneratedAppendingOptions { ModelFile = path, PerClass = 1, ImageColumnName = "Picture" }));
        Told<ArgumentOutOfRangeException>("'Number'", () => _ml.Data.AppendGenerated(
            Keys(), new GeneratedAppendingOptions { ModelFile = path, PerClass = 1, ImageColumnName = "Number" }));

        var view = _ml.Data.AppendGenerated(Keys(), path, perClass: 1);
        view.Dispose();
        Assert.Throws<ObjectDisposedException>(() => view.Values<bool>("Generated"));
    }
}
