using GanPipeline.Inference;
using GanPipeline.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Text encoders as files, and src/Inference reading them.</summary>
public class TextEncoderTests
{
    private static readonly Vocabulary _words = Vocabulary.Build(
        ["a red brick, two studs wide and four long, on a dark table", "the block is blue and has two by two studs"]);

    [Theory]
    [InlineData(TextUnit.Word, 0, TextPooling.Mean)]
    [InlineData(TextUnit.Word, 0, TextPooling.Last)]
    [InlineData(TextUnit.Character, 3, TextPooling.Mean)]
    [InlineData(TextUnit.Character, 2, TextPooling.Last)]
    public void Texts_have_torchs_embeddings(TextUnit unit, int convolutions, TextPooling pooling)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var vocabulary = Vocabulary.Build(["A red brick, on a dark table.", "a blue block"], new() { Unit = unit });
        using var encoder = TextEncoder.Create(Small(vocabulary) with { Convolutions = convolutions, Pooling = pooling });
        encoder.Text.eval();
        var result = GanExporter.ExportTextEncoder(encoder.Text, vocabulary, folder["text.onnx"]);
        // Random texts of one and of several, and one of each length.
        Assert.Contains(result.Verification.Checks, check => check.Inputs.Contains("example 0", StringComparison.Ordinal));
        Assert.InRange(result.MaxAbsDifference, 0, 1e-5);

        using var model = TextEncoderModel.Load(result.Path);
        Assert.Equal((vocabulary.ToJson(), 12), (model.Vocabulary.ToJson(), model.EmbeddingSize));
        string[] texts = ["a red brick", "block", "a crimson brick on a blue table with a dark, dark, very dark block"];
        var embeddings = model.Embed(texts);
        using var untracked = no_grad();
        var expected = encoder.Text.call(stack(texts.Select(text => tensor(vocabulary.Encode(text))))).data<float>().ToArray();
        // As exports are compared.
        Assert.All(expected.Zip(embeddings), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Equal(embeddings[..12], model.Embed(texts[0]), (a, b) => Math.Abs(a - b) < 1e-6); // sums of another batch
        Assert.NotEqual(embeddings[..12], embeddings[12..24]);
    }

    [Fact]
    public void Batches_are_split_and_what_is_not_understood_is_told()
    {
        using var folder = new TemporaryFolder();
        using var encoder = TextEncoder.Create(Small(_words));
        GanExporter.ExportTextEncoder(encoder.Text, _words, folder["text.onnx"], new()
        {
            Metadata = new Dictionary<string, string> { [ModelMetadata.Pipeline] = "test" },
        });
        using var model = TextEncoderModel.Load(folder["text.onnx"], new() { BatchSize = 3 });
        Assert.Equal("test", model.Metadata[ModelMetadata.Pipeline]);
        string[] texts = [.. Enumerable.Range(0, 8).Select(i => string.Join(' ', _words.Tokens.Skip(i).Take(3)))];
        using var whole = TextEncoderModel.Load(File.ReadAllBytes(folder["text.onnx"]));
        Assert.Equal(whole.Embed(texts), model.Embed(texts), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Empty(model.Embed([]));
        Assert.Equal(["The word 'bleu' is not known.", "The word 'studds' is not known; did you mean 'studs'?"],
            model.Warnings("a bleu brick, two studds long"));
        Assert.Contains("' !' has no words", Assert.Throws<ArgumentException>(() => model.Embed(" !")).Message, StringComparison.Ordinal);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => model.Embed(texts, stopped.Token));
    }

    [Theory]
    [InlineData(TextUnit.Word, 0, 0)]
    [InlineData(TextUnit.Character, 2, 0)]
    [InlineData(TextUnit.Word, 0, 3)]
    public void A_generator_and_the_encoder_of_its_texts_are_one_file(TextUnit unit, int convolutions, int noise)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var vocabulary = Vocabulary.Build(["A red brick, on a dark table.", "a blue block"], new() { Unit = unit });
        using var encoder = TextEncoder.Create(Small(vocabulary) with { Convolutions = convolutions });
        using var networks = Architectures.Create(new()
        {
            Name = "text-to-image", Shape = new(3, 16, 16), LatentSize = 5, LabelSize = 12, Filters = 4, ConditioningNoise = noise,
        });
        encoder.Text.eval();
        networks.Generator.eval();
        string[] examples = ["a red brick", "a blue block", "ein roter Stein, größer"];
        var result = GanExporter.ExportTextGenerator(
            networks.Generator, encoder.Text, vocabulary, 5, folder["generator.onnx"], examples);
        // One text of each length is among what is verified.
        Assert.Contains(result.Verification.Checks, check => check.Inputs.Contains("example 0", StringComparison.Ordinal));
        Assert.InRange(result.MaxAbsDifference, 0, 1e-4);

        using var model = GeneratorModel.Load(result.Path, new() { BatchSize = 2 });
        Assert.Equal((5, vocabulary.Length, 3, 16), (model.LatentSize, model.LabelSize, model.Channels, model.Height));
        Assert.Null(model.Labels);
        Assert.Equal(examples, model.TextExamples);
        string[] texts = ["a blue brick", "a dark, dark table"];
        using var untracked = no_grad();
        var ids = stack(Enumerable.Range(0, 5).Select(i => tensor(vocabulary.Encode(texts[i % 2]))));
        var expected = networks.Generate(tensor(Latents.Normal(7, 0, 5, 5), [5, 5]), encoder.Text.call(ids));
        var images = model.Sample(5, seed: 7, labels: texts);
        // As exports are compared.
        Assert.All(expected.data<float>().ToArray().Zip(images.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Equal([texts[1], texts[0]], model.Texts(2, first: 1, labels: texts));
        // What no text is asked for is drawn by seed and index, whatever the batch.
        Assert.Equal(model.Texts(6, seed: 3).Skip(2), model.Texts(4, seed: 3, first: 2));
        Assert.Superset(model.Texts(60).ToHashSet(), examples.ToHashSet());
        Assert.Equal(model.Sample(3, seed: 3, labels: [.. model.Texts(3, seed: 3)]).Values, model.Sample(3, seed: 3).Values);
        Assert.Contains("'  ' has no words", Assert.Throws<ArgumentException>(() => model.Sample("  ", 1)).Message,
            StringComparison.Ordinal);
        Assert.Equal(unit == TextUnit.Word ? ["The word 'blu' is not known; did you mean 'blue'?"] : [], model.Warnings("a blu block"));
    }

    [Fact]
    public void Generators_that_are_told_no_texts_say_so()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(new() { Name = "dcgan", Shape = new(1, 16, 16), LatentSize = 5, Filters = 4 });
        GanExporter.ExportGenerator(networks.Generator, 5, folder["generator.onnx"]);
        using var model = GeneratorModel.Load(folder["generator.onnx"]);
        Assert.Empty(model.Warnings("a bleu block"));
        Assert.Throws<InvalidOperationException>(() => model.Texts(1));
        Assert.Throws<InvalidOperationException>(() => model.Sample("a red brick", 1));
    }

    [Fact]
    public void An_image_encoder_is_read_by_FeatureModel()
    {
        using var folder = new TemporaryFolder();
        using var encoder = TextEncoder.Create(Small(_words));
        GanExporter.ExportImageEncoder(encoder.Image, 3, 16, 16, folder["image.onnx"]);
        using var model = FeatureModel.Load(folder["image.onnx"], "embedding");
        Assert.Equal((3, 16, 16, 12), (model.Channels, model.Height, model.Width, model.FeatureCount));
        encoder.Image.eval();
        using var untracked = no_grad();
        using var images = rand(2, 3, 16, 16) * 2 - 1;
        using var expected = encoder.Image.call(images);
        var embeddings = model.Extract(new ImageTensor(images.data<float>().ToArray(), 2, 3, 16, 16));
        Assert.All(expected.data<float>().ToArray().Zip(embeddings), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void What_is_no_text_encoder_is_told()
    {
        using var folder = new TemporaryFolder();
        using var encoder = TextEncoder.Create(Small(_words));
        GanExporter.ExportImageEncoder(encoder.Image, 3, 16, 16, folder["image.onnx"]);
        Assert.Contains("takes no texts", Load("image.onnx"), StringComparison.Ordinal);
        Write("without.onnx", null);
        Assert.Contains("have no GanPipeline.Vocabulary", Load("without.onnx"), StringComparison.Ordinal);
        Write("damaged.onnx", "{}");
        Assert.Contains("is damaged", Load("damaged.onnx"), StringComparison.Ordinal);
        Write("other.onnx", Vocabulary.Build(["a b c"]).ToJson());
        Assert.Contains("takes 13 ids of a text, but its vocabulary gives 3", Load("other.onnx"), StringComparison.Ordinal);
        using var flat = Sequential(Embedding(_words.Size, 4));
        Assert.Contains("embeddings are [N, D]", Assert.Throws<ExportException>(
            () => GanExporter.ExportTextEncoder(flat, _words, folder["flat.onnx"])).Message, StringComparison.Ordinal);

        string Load(string name) => Assert.Throws<ModelException>(() => TextEncoderModel.Load(folder[name])).Message;

        void Write(string name, string? vocabulary)
        {
            var metadata = new Dictionary<string, string>();
            if (vocabulary is not null) metadata[ModelMetadata.Vocabulary] = vocabulary;
            OnnxExporter.Export(
                new ExportDescription
                {
                    Name = "text_encoder",
                    Modules = [("", encoder.Text)],
                    Inputs = [ModelInput.Integers("text", [_words.Length], _words.Size)],
                    Outputs = ["embedding"],
                    Torch = x => [encoder.Text.call(x[0])],
                },
                folder[name],
                new() { Metadata = metadata });
        }
    }

    private static TextEncoderOptions Small(Vocabulary vocabulary) => new()
    {
        Shape = new(3, 16, 16), Vocabulary = vocabulary, EmbeddingSize = 12, TokenSize = 10, StateSize = 14, Filters = 4,
    };
}
