using GanPipeline.Inference;
using GanPipeline.ML.Internals;

namespace GanPipeline.ML.Tests;

public class OnnxFileTests
{
    private static readonly byte[] Features = File.ReadAllBytes(TestModels.Features);

    private static Dictionary<string, string> Names(params (string From, string To)[] names) => names.ToDictionary(name => name.From, name => name.To);

    [Fact]
    public void Renamed_and_back_a_model_is_the_same_file()
    {
        byte[] renamed = OnnxFile.Rename(Features, Names(("image", "My image"), ("features", "Zügè")));
        Assert.NotEqual(Features, renamed);
        Assert.Contains("My image float32 [N, 3, 4, 8]", Assert.Throws<ModelException>(() => FeatureModel.Load(renamed)).Message, StringComparison.Ordinal);
        Assert.Equal(Features, OnnxFile.Rename(renamed, Names(("My image", "image"), ("Zügè", "features"))));
    }

    [Fact]
    public void A_name_that_another_value_has_is_left_to_the_new_owner()
    {
        // "flat", "weight" and "logit" are an inner value, a constant and another output of the model.
        foreach (string taken in (string[])["flat", "weight", "logit"])
        {
            byte[] renamed = OnnxFile.Rename(Features, Names(("image", taken)));
            using var model = FeatureModel.Load(OnnxFile.Rename(renamed, Names((taken, "image"))));
            Reading.AssertClose(TestModels.Samples(3).Features, [.. model.Extract(new ImageTensor(TestModels.Samples(3).Images.SelectMany(x => x).ToArray(), 3, 3, 4, 8)).Chunk(5)]);
        }
        // Two may change places.
        byte[] swapped = OnnxFile.Rename(Features, Names(("features", "logit"), ("logit", "features")));
        using var one = FeatureModel.Load(swapped, "features");
        Assert.Equal(1, one.FeatureCount);
    }

    [Fact]
    public void Metadata_is_set_read_and_replaced()
    {
        byte[] generator = File.ReadAllBytes(TestModels.Generator);
        Assert.Equal("dense", OnnxFile.Metadata(generator, "GanPipeline.Architecture"));
        Assert.Null(OnnxFile.Metadata(generator, "key"));
        byte[] once = OnnxFile.WithMetadata(generator, "key", "a"), twice = OnnxFile.WithMetadata(once, "key", "b");
        Assert.Equal(("a", "b"), (OnnxFile.Metadata(once, "key"), OnnxFile.Metadata(twice, "key")));
        using var model = GeneratorModel.Load(twice);
        Assert.Equal(("b", "dense"), (model.Metadata["key"], model.Metadata["GanPipeline.Architecture"]));
    }

    [Fact]
    public void What_is_no_message_is_refused()
    {
        Assert.Throws<FormatException>(() => OnnxFile.Metadata([0x3A, 0x10, 0x01], "key"));
        Assert.Throws<FormatException>(() => OnnxFile.Metadata([0x0B], "key"));
        Assert.Throws<FormatException>(() => OnnxFile.Metadata([0x08, 0xFF], "key"));
    }
}
