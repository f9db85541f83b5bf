using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Tests;

/// <summary>Saved classifiers in a program without this project.</summary>
public sealed class PlainProgramTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private IEstimator<ITransformer> Trainer(string name) => name switch
    {
        "LbfgsMaximumEntropy" => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(),
        "SdcaMaximumEntropy" => _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 20),
        "FastTree" => _ml.MulticlassClassification.Trainers.OneVersusAll(_ml.BinaryClassification.Trainers.FastTree(numberOfTrees: 10)),
        "LightGbm" => _ml.MulticlassClassification.Trainers.LightGbm(numberOfIterations: 10),
        "KMeans" => _ml.Clustering.Trainers.KMeans(numberOfClusters: 3),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    [Theory]
    [InlineData("LbfgsMaximumEntropy", "")]
    [InlineData("SdcaMaximumEntropy", "")]
    [InlineData("FastTree", "Microsoft.ML.FastTree")]
    [InlineData("KMeans", "")]
    public void A_program_without_this_project_predicts_the_same(string trainer, string packages) => AssertSame(trainer, packages);

    [LightGbmFact]
    public void So_it_does_with_LightGbm_whose_package_depends_on_that_of_FastTree() =>
        AssertSame("LightGbm", "Microsoft.ML.FastTree Microsoft.ML.LightGbm");

    private void AssertSame(string trainer, string packages)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "GanPipeline.PlainML",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        Assert.Equal(["GanPipeline.PlainML.dll"], Directory.EnumerateFiles(program, "GanPipeline.*.dll").Select(Path.GetFileName));

        // Three classes: which of the first three features is the largest.
        var (images, features) = TestModels.Samples(300);
        var data = _ml.Data.LoadFromEnumerable(images.Zip(features, (image, feature) => new Picture
        {
            Image = image, Number = Array.IndexOf(feature, feature[..3].Max()),
        }));
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Number")
            .Append(_ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features))
            .Append(Trainer(trainer))
            .Fit(data);
        // What is saved needs no labels.
        var saved = new TransformerChain<ITransformer>([.. model.Skip(1)]);
        _ml.Model.Save(saved, data.Schema, _folder["model.zip"]);
        var (code, output, error) = Peers.Run("dotnet", Path.Combine(program, "GanPipeline.PlainML.dll"), _folder["model.zip"]);
        Assert.True(code == 0, error);

        var lines = output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.Equal(packages, lines[0]);
        var numbers = lines[1..].Select(line => line.Split(' ').Select(value => float.Parse(value, CultureInfo.InvariantCulture))
            .ToArray());
        var labels = numbers.Select(line => (uint)line[0]).ToArray();
        float[][] scores = [.. numbers.Select(line => line[1..])];
        var same = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Picture
        {
            Image = [.. Enumerable.Range(0, 96).Select(k => (i * 31 + k * 7) % 17 / 8f - 1f)],
        }));
        foreach (var ours in (ITransformer[])[saved, _ml.Model.LoadGanPipeline(_folder["model.zip"])])
        {
            var expected = ours.Transform(same);
            Assert.Equal(expected.Values<uint>("PredictedLabel"), labels);
            // Row by row the features differ by TestModels.Tolerance at most; scores are sums of a few of them, times weights of about 1,
            // or squares of distances.
            Reading.AssertClose(expected.Vectors("Score"), scores, 10 * TestModels.Tolerance);
        }
        Assert.InRange(labels.Distinct().Count(), 2, 3);
    }

    /// <summary>
    /// A test that needs LightGBM's native library, which needs the system's OpenMP, and is skipped where it cannot be
    /// loaded.
    /// </summary>
    private sealed class LightGbmFactAttribute : FactAttribute
    {
        public LightGbmFactAttribute()
        {
            if (!NativeLibrary.TryLoad("lib_lightgbm", typeof(PlainProgramTests).Assembly, null, out _))
                Skip = "needs the libraries of LightGBM, such as libgomp.so.1";
        }
    }
}
