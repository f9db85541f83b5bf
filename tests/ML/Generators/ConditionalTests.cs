using GanPipeline.Inference;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Onnx;

namespace GanPipeline.ML.Tests;

public sealed class ConditionalTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The same network, told one class of four.</summary>
    private string Classes()
    {
        const string fields = """[{"name":"class","kind":"categorical","values":["ant","bee","cat","dog"]}]""";
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(TestModels.Conditional));
        model.MetadataProps.Single(entry => entry.Key == ModelMetadata.Labels).Value = fields;
        File.WriteAllBytes(_folder["classes.onnx"], model.ToByteArray());
        return _folder["classes.onnx"];
    }

    [Fact]
    public void One_of_several_classes_is_a_key_with_its_names()
    {
        var path = Classes();
        using var view = _ml.Data.LoadFromGenerator(new GeneratorViewOptions { ModelFile = path, Count = 30, First = 2, Seed = 3,
            Model = new() { BatchSize = 8 } });
        Assert.Equal(["Image", "Latent", "Label"], view.Schema.Select(column => column.Name));
        Assert.Equal(4UL, Assert.IsType<KeyDataViewType>(view.Schema["Label"].Type).Count);
        // Classes go round, by the sample's index.
        Assert.Equal(Enumerable.Range(2, 30).Select(i => (uint)(i % 4) + 1), view.Values<uint>("Label"));
        using var generator = GeneratorModel.Load(path);
        Reading.AssertClose([.. generator.Sample(30, seed: 3, first: 2).Values.Chunk(TestModels.ImageSize)], view.Vectors("Image"));

        // ML.NET knows the names, and a classifier can be trained on the samples.
        var named = _ml.Transforms.Conversion.MapKeyToValue("Name", "Label").Fit(view).Transform(view);
        Assert.Equal(["cat", "dog", "ant", "bee"], named.Values<ReadOnlyMemory<char>>("Name").Take(4).Select(name => name.ToString()));
        var model = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features)
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(view);
        Assert.Equal(30, model.Transform(view).Vectors("Score").Length);

        using var bees = _ml.Data.LoadFromGenerator(new GeneratorViewOptions { ModelFile = path, Count = 6, Labels = ["bee", "dog"] });
        Assert.Equal([2u, 4, 2, 4, 2, 4], bees.Values<uint>("Label"));
        // The seed is the context's.
        var asked = generator.Sample(6, seed: 1, labels: ["bee", "dog"]);
        Reading.AssertClose([.. asked.Values.Chunk(TestModels.ImageSize)], bees.Vectors("Image"));
    }

    /// <summary>Texts say the same, in the words that ask for it.</summary>
    [Fact]
    public void Labels_are_texts_where_that_is_asked_for()
    {
        var options = new GeneratorViewOptions { ModelFile = Classes(), Count = 6, TextLabels = true, Labels = ["bee", "dog"] };
        using var classes = _ml.Data.LoadFromGenerator(options);
        Assert.IsType<TextDataViewType>(classes.Schema["Label"].Type);
        Assert.Equal(["bee", "dog", "bee"], Texts(classes).Take(3));

        using var several = _ml.Data.LoadFromGenerator(options with { ModelFile = TestModels.Conditional, Count = 20, Labels = [] });
        var texts = Texts(several);
        Assert.Matches("^class=(cat|dog|emu), bright=[0-9.]+$", texts[0]);
        // What asks for each of them gives the same images.
        var again = _ml.Transforms.GenerateImages("Again", "Latent", TestModels.Conditional, labelColumnName: "Label");
        Reading.AssertClose(several.Vectors("Image"), again.Fit(several).Transform(several).Vectors("Again"), 1e-4f);

        static string[] Texts(GeneratorView view) =>
            [.. view.Values<ReadOnlyMemory<char>>("Label").Select(text => text.ToString())];
    }

    [Fact]
    public void Several_attributes_are_the_label_vector_with_its_slots_named()
    {
        using var view = _ml.Data.LoadFromGenerator(TestModels.Conditional, count: 20, seed: 5);
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Label"].GetSlotNames(ref names);
        Assert.Equal(["class=cat", "class=dog", "class=emu", "bright"], names.DenseValues().Select(name => name.ToString()));
        using var generator = GeneratorModel.Load(TestModels.Conditional);
        Assert.Equal(generator.LabelVectors(20, seed: 5).Chunk(4), view.Vectors("Label"));
        Reading.AssertClose([.. generator.Sample(20, seed: 5).Values.Chunk(TestModels.ImageSize)], view.Vectors("Image"));
        // Labels cost no image, and every cursor has the same ones.
        Parallel.For(0, 8, _ => Assert.Equal(view.Vectors("Label"), view.Vectors("Label")));
    }

    [Fact]
    public void Images_of_latents_and_labels_in_columns()
    {
        using var view = _ml.Data.LoadFromGenerator(TestModels.Conditional, count: 25, seed: 5);
        var options = new ImageGeneratingOptions { OutputColumnName = "Made", InputColumnName = "Latent", LabelColumnName = "Label",
            ModelFile = TestModels.Conditional, Model = new() { BatchSize = 4 } };
        var chain = _ml.Transforms.CopyColumns("Z", "Latent").Append(_ml.Transforms.GenerateImages(options with { InputColumnName = "Z" }));
        Reading.AssertClose(view.Vectors("Image"), chain.Fit(view).Transform(view).Vectors("Made"));

        // Keys of another generator's names.
        using var keyed = _ml.Data.LoadFromGenerator(Classes(), count: 25, seed: 5);
        var mapped = _ml.Transforms.CopyColumns("Y", "Latent").Append(_ml.Transforms.GenerateImages(options));
        Assert.Contains("'Label'", Assert.Throws<InvalidOperationException>(() => mapped.Fit(keyed)).Message, StringComparison.Ordinal);
        Assert.Contains("4 values", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.GenerateImages(options with { LabelColumnName = "Latent" }).Fit(view)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_keys_or_texts_as_well()
    {
        var path = Classes();
        using var samples = _ml.Data.LoadFromGenerator(path, count: 30, seed: 5);
        // By name, not by the key's number: these keys count from the last name on.
        var names = _ml.Data.LoadFromEnumerable(new[] { "dog", "cat", "bee", "ant" }.Select(name => new { Text = name }));
        var named = _ml.Transforms.Conversion.MapKeyToValue("Text", "Label")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Key", "Text", keyData: names)).Fit(samples).Transform(samples);
        Assert.NotEqual(named.Values<uint>("Key"), named.Values<uint>("Label"));
        foreach (var column in (string[])["Label", "Text", "Key"])
        {
            var made = _ml.Transforms.GenerateImages("Made", "Latent", path, labelColumnName: column).Fit(named);
            var view = made.Transform(named);
            Reading.AssertClose(samples.Vectors("Image"), view.Vectors("Made"));
            Assert.Equal(named.GetColumn<string>("Text"), view.GetColumn<string>("Text"));
            // Rows one by one.
            using var engine = _ml.Model.CreatePredictionEngine<Asked, Made>(
                _ml.Transforms.GenerateImages("Image", "Latent", path, labelColumnName: "Text")
                    .Fit(_ml.Data.LoadFromEnumerable(Array.Empty<Asked>())));
            var first = engine.Predict(new() { Latent = samples.Vectors("Latent")[0], Text = named.GetColumn<string>("Text").First() });
            Reading.AssertClose([samples.Vectors("Image")[0]], [first.Image]);
            Assert.Contains("keys or texts", Assert.Throws<InvalidOperationException>(
                () => _ml.Model.Save(made, named.Schema, _folder["m.zip"])).Message, StringComparison.Ordinal);
        }

        // Several fields at once, each of which must be there.
        var asked = _ml.Data.LoadFromEnumerable([new Asked { Latent = new float[6], Text = "class=dog, bright=2.5" }]);
        using var generator = GeneratorModel.Load(TestModels.Conditional);
        var images = _ml.Transforms.GenerateImages("Image", "Latent", TestModels.Conditional, labelColumnName: "Text");
        var expected = new float[TestModels.ImageSize];
        generator.Generate(new float[6], [0, 1, 0, -0.5f], expected);
        Reading.AssertClose([expected], images.Fit(asked).Transform(asked).Vectors("Image"));
        foreach (var (text, problem) in new[] { ("class=dog", "says nothing of 'bright'"), ("cow", "'Text'"), ("", "no label") })
        {
            var wrong = _ml.Data.LoadFromEnumerable([new Asked { Latent = new float[6], Text = text }]);
            Assert.Contains(problem, Assert.Throws<InvalidOperationException>(
                () => images.Fit(wrong).Transform(wrong).Vectors("Image")).Message, StringComparison.Ordinal);
        }
    }

    private sealed class Asked
    {
        [VectorType(6)]
        public float[] Latent { get; set; } = [];

        public string Text { get; set; } = "";
    }

    private sealed class Made
    {
        public float[] Image { get; set; } = [];
    }

    [Fact]
    public void Labels_that_there_are_not_are_refused_at_once()
    {
        Assert.Contains("is conditional", Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.GenerateImages("Made", "Latent", TestModels.Conditional)).Message, StringComparison.Ordinal);
        Assert.Contains("is not conditional", Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.GenerateImages(new ImageGeneratingOptions
        {
            OutputColumnName = "Made", InputColumnName = "Latent", LabelColumnName = "Label", ModelFile = TestModels.Generator,
        })).Message, StringComparison.Ordinal);
        Assert.Contains("'cow'", Assert.Throws<ArgumentException>(
            () => _ml.Data.LoadFromGenerator(new GeneratorViewOptions { ModelFile = TestModels.Conditional, Labels = ["cow"] })).Message,
                StringComparison.Ordinal);
        Assert.Contains("takes no label", Assert.Throws<ArgumentException>(
            () => _ml.Data.LoadFromGenerator(new GeneratorViewOptions { ModelFile = TestModels.Generator, Labels = ["cat"] })).Message,
                StringComparison.Ordinal);
    }
}
