using GanPipeline.Inference;

namespace GanPipeline.Studio.Tests;

/// <summary>What the explorer gives to copy. That it makes the picture that is shown is tested where it is shown.</summary>
public class PictureCodeTests
{
    private static readonly ModelFile _model = new(
        "/models/bricks", "bricks", ModelKind.Generator, "models/bricks/generator.onnx", "models/bricks", "models/bricks/generator.onnx");

    private static readonly ModelFile _reader = _model with { Kind = ModelKind.Classifier, File = "models/reader/classifier.onnx" };

    [Fact]
    public void A_picture_of_a_seed_is_one_line()
    {
        var code = PictureCode.Of(_model, new() { Seed = 5, Index = 2, Truncation = 0.7f }, "color=red, studs-wide=2", null, []);
        Assert.Equal("./gan generate models/bricks --seed 5 --first 2 --count 1 --label 'color=red, studs-wide=2' --truncation 0.7",
            code.Command);
        Assert.False(code.NeedsLatent);
        Assert.Equal("""
            using var generator = GeneratorModel.Load("models/bricks/generator.onnx", new() { Truncation = 0.7f });
            var picture = generator.Sample(1, seed: 5, first: 2, labels: ["color=red, studs-wide=2"]);
            Pictures.SavePng(picture, 0, "picture.png");
            """, code.Code);
    }

    [Fact]
    public void Quotes_stay_what_they_are()
    {
        var code = PictureCode.Of(_model, new(), "Hair=\"light, wavy\", it's", null, []);
        Assert.EndsWith("""--label 'Hair="light, wavy", it'\''s'""", code.Command, StringComparison.Ordinal);
        Assert.Contains("""labels: ["Hair=\"light, wavy\", it's"]""", code.Code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_moved_one_needs_its_latent_and_names_its_direction()
    {
        var direction = new LatentDirection("color", "red", new float[4], 100, 0.9, []);
        var code = PictureCode.Of(_model, new() { Seed = 5, Moves = [(3, 1.5f)], Directions = [(0, -2)] }, null, _reader, [direction]);
        Assert.Equal("./gan generate models/bricks --latents latent.npy --count 1", code.Command);
        Assert.True(code.NeedsLatent);
        Assert.Equal("""
            using var generator = GeneratorModel.Load("models/bricks/generator.onnx");
            var latent = new float[generator.LatentSize];
            generator.DrawLatents(5, 0, latent);
            latent[3] += 1.5f;
            using var classifier = ClassifierModel.Load("models/reader/classifier.onnx");
            var directions = LatentDirectionSearch.Find(new LatentReader(generator, classifier));
            latent = directions.Single(d => d is { Attribute: "color", Value: "red" }).Move(latent, -2f);
            var picture = generator.Generate(latent);
            Pictures.SavePng(picture, 0, "picture.png");
            """, code.Code);
    }

    [Fact]
    public void A_walk_is_a_command_of_its_own()
    {
        var code = PictureCode.Of(_model, new() { Seed = 5, Points = 6, Frames = 125, Frame = 17 }, "7", null, []);
        Assert.Equal("./gan latent walk models/bricks --seed 5 --points 6 --frames 125 --label 7", code.Command);
        Assert.Contains("latent = walk[(17 * generator.LatentSize)..(18 * generator.LatentSize)];", code.Code, StringComparison.Ordinal);
    }
}
