using GanPipeline.Inference;

namespace GanPipeline.ML.Tests;

[Collection(Alone.Name)]
public sealed class ReadmeTests
{
    [Fact]
    public void The_programs_text_runs_as_it_stands()
    {
        using var folder = new TemporaryFolder();
        foreach (var model in (string[])["generator.onnx", "features.onnx"])
            File.Copy(Path.Combine(Repository.Root, "tests", "ML", "models", model), folder[model]);
        // Two classes that are easily told apart: pictures that are brighter than gray, and darker ones.
        using (var generator = GeneratorModel.Load(folder["generator.onnx"]))
        {
            var images = generator.Sample(80, seed: 5);
            for (var i = 0; i < images.Count; i++)
            {
                var name = images.Image(i).ToArray().Sum() > 0 ? "bright" : "dark";
                Inference.Pictures.SavePng(images, i, folder[$"pictures/{name}/{i}.png"]);
            }
        }

        var first = Output(folder, ReadmeProgram.Run);
        Assert.Contains("% of the test pictures right", first, StringComparison.Ordinal);
        // The eight features are random sums of the pixels; brightness is linear in them.
        Assert.InRange(double.Parse(first.Split([' ', '%'])[0], System.Globalization.CultureInfo.InvariantCulture), 90, 100);
        Assert.Matches("A (bright: the classifier says bright|dark: the classifier says dark)", first);
        Assert.True(File.Exists(folder["classifier.zip"]));

        var second = Output(folder, () => Second.ReadmeProgram.Run(["1000"]));
        Assert.Contains("of 1,000", second, StringComparison.Ordinal);
        var lines = second.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["bright", "dark"], lines.Select(line => line.Split(':')[0]).Order());
        Assert.Equal(1000, lines.Sum(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)));
        // Half of the latents are bright: 1,000 draws stray from 500 by more than 100 once in 10^9.
        Assert.All(lines, line =>
            Assert.InRange(int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), 300, 700));
    }

    private static string Output(TemporaryFolder folder, Action program)
    {
        using var text = new StringWriter();
        var before = Console.Out;
        Console.SetOut(text);
        try { folder.RunInside(program); }
        finally { Console.SetOut(before); }
        return text.ToString();
    }
}
