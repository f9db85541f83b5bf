namespace GanPipeline.Inference.Tests;

public sealed class BadModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file_a_folder_and_an_empty_file()
    {
        AssertRefused(_folder["none.onnx"], "There is no file");
        AssertRefused(_folder.Path, "is a folder");
        AssertRefused(Write("empty.onnx", []), "is empty");
        Assert.Throws<ArgumentException>(() => GeneratorModel.Load(""));
    }

    [Fact]
    public void A_file_that_is_no_model()
    {
        AssertRefused(Write("page.onnx", "<!DOCTYPE html><html><body>404</body></html>"u8), "is not an ONNX model", "<!DOCTYPE html>");
        AssertRefused(Write("lfs.onnx", "version https://git-lfs.github.com/spec/v1"u8), "is not an ONNX model", "version https");
        var noise = new byte[5000];
        new Random(5).NextBytes(noise);
        noise[0] = 0x89;
        AssertRefused(Write("noise.onnx", noise), "is not an ONNX model");
    }

    /// <summary>Wherever a model is cut, it is refused; where the cut falls between two fields the runtime misses something else.</summary>
    [Fact]
    public void Metadata_with_odd_keys()
    {
        var model = Onnx.ModelProto.Parser.ParseFrom(File.ReadAllBytes(TestModels.Generator));
        foreach (var (key, value) in new[] { ("a\0b", "1"), ("", "2"), ("twice", "3"), ("twice", "4") })
            model.MetadataProps.Add(new Onnx.StringStringEntryProto { Key = key, Value = value });
        using var generator = GeneratorModel.Load(Write("odd.onnx", Google.Protobuf.MessageExtensions.ToByteArray(model)));
        Assert.Equal(("1", "2", "4"), (generator.Metadata["a\0b"], generator.Metadata[""], generator.Metadata["twice"]));
    }

    [Fact]
    public void A_truncated_model()
    {
        var whole = File.ReadAllBytes(TestModels.Generator);
        var damaged = 0;
        for (var length = 1; length < whole.Length; length += 97)
        {
            var path = Write("cut.onnx", whole.AsSpan(0, length));
            var message = Assert.Throws<ModelException>(() => GeneratorModel.Load(path)).Message;
            Assert.Contains(path, message, StringComparison.Ordinal);
            if (message.Contains("cut short", StringComparison.Ordinal)) damaged++;
        }
        Assert.True(damaged > 25, $"only {damaged} cuts were recognised");
    }

    /// <summary>Flipped bits either load or are refused; they never bring down the process.</summary>
    [Fact]
    public void A_damaged_model()
    {
        var whole = File.ReadAllBytes(TestModels.Generator);
        var random = new Random(6);
        for (var i = 0; i < 60; i++)
        {
            byte[] bytes = [.. whole];
            for (var k = 0; k < 5; k++) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            var path = Write("damaged.onnx", bytes);
            try
            {
                using var model = GeneratorModel.Load(path);
                model.Sample(2);
            }
            catch (ModelException e)
            {
                Assert.Contains(path, e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Other_inputs_or_outputs_than_needed()
    {
        AssertRefused(TestModels.Features, "is not a generator", "latent float32 [N, Z]", "image float32 [N, 3, 4, 8]",
            "features float32 [N, 5], logit float32 [N, 1]");
        AssertRefused(TestModels.Find("conditional-integers.onnx"), "its input label is one whole number", "GanPipeline.Labels");
        AssertRefused(TestModels.Find("conditional-wrong.onnx"), "Their vector has 2 values, the model's input 4");
        AssertRefused(TestModels.Find("free-size.onnx"), "image float32 [N, C, H, W] or pixels uint8", "image float32 [N, 96]");
        AssertFeaturesRefused(TestModels.Generator, "features", "takes no images", "latent float32 [N, 6]");
        AssertFeaturesRefused(TestModels.Features, "logits", "an output logits float32 [N, F]",
            "features float32 [N, 5], logit float32 [N, 1]");
    }

    private static void AssertRefused(string path, params string[] parts) =>
        AssertMessage(() => GeneratorModel.Load(path), [path, .. parts]);

    private static void AssertFeaturesRefused(string path, string output, params string[] parts) =>
        AssertMessage(() => FeatureModel.Load(path, output), [path, .. parts]);

    private static void AssertMessage(Func<object> load, string[] parts)
    {
        var message = Assert.Throws<ModelException>(load).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
    }

    private string Write(string name, ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(_folder[name], bytes);
        return _folder[name];
    }
}
