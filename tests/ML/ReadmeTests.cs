namespace GanPipeline.ML.Tests;

[Collection(Alone.Name)]
public sealed class ReadmeTests
{
    [Fact]
    public void The_programs_text_runs_as_it_stands()
    {
        using var folder = new TemporaryFolder();
        ReadmePictures.WriteBrightAndDark(folder);
        var first = Output(folder, ReadmeProgram.Run);
        Assert.Contains("% of the test pictures right", first, StringComparison.Ordinal);
        // The eight features are random sums of the pixels; brightness is linear in them.
        Assert.InRange(double.Parse(first.Split([' ', '%'])[0], System.Globalization.CultureInfo.InvariantCulture), 90, 100);
        Assert.Matches(@"(bright|dark)[/\\]\d+\.png: the classifier says \1\.", first);
        Assert.True(File.Exists(folder["classifier.zip"]));
        using var classifier = Inference.ClassifierModel.Load(folder["classifier.onnx"]);
        var file = Directory.GetFiles(folder["pictures/bright"])[0];
        var picture = new Data.PictureReader(classifier.Height, classifier.Channels).Read(file);
        Assert.Equal("bright", Assert.Single(classifier.Classify(picture)).Label);

        var second = Output(folder, () => Program2.ReadmeProgram.Run(["1000"]));
        Assert.Contains("of 1,000", second, StringComparison.Ordinal);
        var lines = second.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["bright", "dark"], lines.Select(line => line.Split(':')[0]).Order());
        Assert.Equal(1000, lines.Sum(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)));
        // Half of the latents are bright: 1,000 draws stray from 500 by more than 100 once in 10^9.
        Assert.All(lines, line =>
            Assert.InRange(int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), 300, 700));
    }

    /// <summary>Generated pictures are as good as real ones here, and there are many of them.</summary>
    [Fact]
    public void The_program_with_few_pictures_learns_from_generated_ones()
    {
        using var folder = new TemporaryFolder();
        ReadmePictures.WriteFewAndTest(folder);
        var line = Output(folder, () => Program3.ReadmeProgram.Run([]));
        var shares = System.Text.RegularExpressions.Regex.Matches(line, @"[\d.]+(?= ?%)").Select(match =>
            double.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(2, shares.Length);
        // Of 300 pictures: measured 51.3 and 80.7 %, and five standard errors are 14 and 11 points.
        Assert.InRange(shares[0], 34, 65);
        Assert.InRange(shares[1], 75, 100);
    }

    [Fact]
    public void The_program_with_a_translator_makes_negatives()
    {
        using var folder = new TemporaryFolder();
        NegativeModel.Write(folder["translator.onnx"], 3, 16, 16);
        Inference.Pictures.SavePng(new ImageTensor([.. Enumerable.Repeat(1f, 3 * 40 * 40)], 1, 3, 40, 40), 0,
            folder["photographs/white.png"]);
        Assert.Equal("768 values, from -1.00 to -1.00", Output(folder, () => Program4.ReadmeProgram.Run([])).TrimEnd());
        Assert.True(File.Exists(folder["translator.zip"]));
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
