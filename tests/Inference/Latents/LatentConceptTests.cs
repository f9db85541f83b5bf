namespace GanPipeline.Inference.Tests;

public sealed class LatentConceptTests : LatentWorldTests
{
    /// <summary>red tile - blue tile + blue brick is a red brick.</summary>
    [Fact]
    public void Concepts_are_found_and_their_arithmetic_holds()
    {
        var concepts = LatentConcept.Find(
            Reader, [("a", "color=red, form=tile"), ("b", "color=blue, form=tile"), ("c", "color=blue, form=brick")], count: 10, seed: 5);
        Assert.Equal(["a", "b", "c"], concepts.Select(c => c.Name));
        Assert.All(concepts, c => Assert.Equal(10 * LatentWorld.Size, c.Latents.Length));
        var read = Reader.Read(concepts[1].Latents);
        Assert.All(read[0], color => Assert.Equal(1, color));
        Assert.All(read[1], form => Assert.Equal(2, form));
        for (var j = 0; j < LatentWorld.Size; j++)
            Assert.Equal(Enumerable.Range(0, 10).Average(i => concepts[2].Latents[i * LatentWorld.Size + j]), concepts[2].Mean[j], 5);
        var result = Reader.Read(LatentFormula.Parse("a - b + c").Apply(concepts));
        Assert.Equal((0, 0), (result[0][0], result[1][0]));
    }

    [Fact]
    public void Too_few_latents_are_told_with_their_number()
    {
        var error = Assert.Throws<LatentException>(() => LatentConcept.Find(Reader, [("a", "color=red")], count: 300, most: 400));
        var found = Reader.Read(Latents.Normal(0, 0, 400, LatentWorld.Size))[0].Count(color => color == 0);
        Assert.Equal($"Of the concept a, \"color=red\", {found} latents were found in 400 drawn, but 300 are needed.", error.Message);
        Assert.Contains("there are: red, blue", Assert.Throws<ArgumentException>(
            () => LatentConcept.Find(Reader, [("a", "color=pink")], count: 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a - b + c", "+a -b +c")]
    [InlineData("-x1+y_2", "-x1 +y_2")]
    [InlineData("a", "+a")]
    public void A_formula_is_read(string text, string terms) => Assert.Equal(
        terms, string.Join(' ', LatentFormula.Parse(text).Terms.Select(t => (t.Sign > 0 ? "+" : "-") + t.Name)));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a - ")]
    [InlineData("a * b")]
    public void What_is_no_formula_is_refused(string text) =>
        Assert.Contains(
            "is no formula", Assert.Throws<ArgumentException>(() => LatentFormula.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_formula_needs_its_concepts()
    {
        var a = LatentConcept.FromLatents("a", [1, 2, 3, 4], 2);
        Assert.Equal([2f, 3], a.Mean);
        Assert.Equal([0f, 0], LatentFormula.Parse("a - a").Apply([a]));
        var error = Assert.Throws<ArgumentException>(() => LatentFormula.Parse("a - b").Apply([a]));
        Assert.Contains("no concept b; there are: a", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LatentConcept.FromLatents("a", [], 2));
    }

    [Fact]
    public void Other_channels_are_refused()
    {
        using var colour = GeneratorModel.Load(Path.Combine(Repository.Root, "models", "cifar10-dcgan", "generator.onnx"));
        Assert.Contains("have 3 channels", Assert.Throws<ArgumentException>(() => new LatentReader(colour, Classifier)).Message,
            StringComparison.Ordinal);
    }
}
