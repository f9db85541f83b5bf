namespace GanPipeline.Inference.Tests;

/// <summary>Models on which the product once failed.</summary>
public class CaseTests
{
    private const string Cases = "cases";

    private static string Case(string name) => Path.Combine(Repository.Shared, Cases, name);

    [SharedTheory(Cases)]
    [InlineData("23-channels-last/generator.onnx", 8, 0)]
    [InlineData("24-foreign-forms/dcgan-rank4.onnx", 8, 0)]
    [InlineData("24-foreign-forms/fixed-batch.onnx", 8, 0)]
    [InlineData("24-foreign-forms/label-int64.onnx", 8, 10)]
    [InlineData("24-foreign-forms/label-onehot.onnx", 8, 10)]
    public void Generators_of_other_forms_draw(string name, int latentSize, int labelSize)
    {
        using var generator = GeneratorModel.Load(Case(name));
        Assert.Equal((latentSize, labelSize, 3, 32, 32),
            (generator.LatentSize, generator.LabelSize, generator.Channels, generator.Height, generator.Width));
        var images = generator.Sample(5, seed: 1);
        Assert.All(images.Values, value => Assert.InRange(value, -1, 1));
        Assert.NotEqual(images.Image(0).ToArray(), images.Image(1).ToArray());
    }

    [SharedFact(Cases)]
    public void Features_of_rank_4_are_vectors()
    {
        using var model = FeatureModel.Load(Case("24-foreign-forms/features-rank4.onnx"));
        Assert.Equal(6, model.FeatureCount);
        Assert.Equal(6 * 3, model.Extract(new ImageTensor(3, 3, 32, 32)).Length);
    }

    [SharedFact(Cases)]
    public void Weights_that_are_NaN_are_told() => AssertRefused("18-nan-generator/generator.onnx", "are NaN or infinite");

    [SharedFact(Cases)]
    public void A_group_of_0_does_not_end_the_process() =>
        AssertRefused("31-sigfpe/sigfpe-gen-392.onnx", "the ConvTranspose 'image_ConvTranspose' has group 0");

    private static void AssertRefused(string name, string part)
    {
        var message = Assert.Throws<ModelException>(() => GeneratorModel.Load(Case(name))).Message;
        Assert.Contains(Case(name), message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }
}
