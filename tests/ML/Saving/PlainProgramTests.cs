using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Tests;

/// <summary>Saved classifiers in a program without this project.</summary>
public sealed class PlainProgramTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Everywhere => [.. Trainers.Packages.Keys.Where(name => name != Trainers.LightGbm)];

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Every_trainer_fits_and_is_evaluated_and_predicts_the_same_in_a_program_without_this_project(string trainer) =>
        AssertSame(trainer);

    [LightGbmFact]
    public void So_does_LightGbm() => AssertSame(Trainers.LightGbm);

    private void AssertSame(string trainer)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "GanPipeline.PlainML",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        Assert.Equal(["GanPipeline.PlainML.dll"], Directory.EnumerateFiles(program, "GanPipeline.*.dll").Select(Path.GetFileName));

        var trainers = new Trainers(_ml);
        var data = trainers.Rows(300);
        var pipeline = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features)
            .AppendCacheCheckpoint(_ml).Append(trainers.Create(trainer));
        using var model = pipeline.Fit(data);
        // Better than what knows nothing: the commoner class, or as many outliers as others before a normal one.
        var metric = trainers.Evaluate(trainer, model.Transform(data));
        if (trainer == Trainers.KMeans) Assert.InRange(metric, -Spread(data), 0);
        else Assert.InRange(metric, trainer == Trainers.RandomizedPca ? 0 : 0.6, 1);
        if (trainers.CrossValidate(trainer, data, pipeline) is { } folds)
        {
            Assert.Equal(3, folds.Length);
            Assert.All(folds, fold => Assert.InRange(fold, trainer == Trainers.KMeans ? -2 * Spread(data) : 0.5, 1));
        }

        _ml.Model.Save(model, data.Schema, _folder["model.zip"]);
        var (code, output, error) = Peers.Run("dotnet", Path.Combine(program, "GanPipeline.PlainML.dll"), _folder["model.zip"]);
        Assert.True(code == 0, error);
        var lines = output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.Equal(Trainers.Packages[trainer], lines[0]);
        var fields = lines[1..].Select(line => line.Split(' ')).ToArray();
        var scores = fields.Select(line => Array.ConvertAll(line[1..], value => float.Parse(value, CultureInfo.InvariantCulture)));
        var same = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Trainers.LabelledImage
        {
            Image = [.. Enumerable.Range(0, 96).Select(k => (i * 31 + k * 7) % 17 / 8f - 1f)],
        }));
        using var loaded = (IDisposable)_ml.Model.LoadGanPipeline(_folder["model.zip"]);
        foreach (var ours in (ITransformer[])[model, (ITransformer)loaded])
        {
            var expected = ours.Transform(same);
            string[] labels = expected.Schema["PredictedLabel"].Type is BooleanDataViewType
                ? [.. expected.Values<bool>("PredictedLabel").Select(label => label.ToString())]
                : [.. expected.Values<uint>("PredictedLabel").Select(label => label.ToString(CultureInfo.InvariantCulture))];
            Assert.Equal(labels, fields.Select(line => line[0]));
            var own = expected.Schema["Score"].Type is VectorDataViewType
                ? expected.Vectors("Score")
                : Array.ConvertAll(expected.Values<float>("Score"), score => new[] { score });
            // Row by row the features differ by TestModels.Tolerance at most; scores are sums of a few of them, times weights, of which the
            // largest here is that of a support vector machine, below 100.
            foreach (var (a, b) in own.Zip(scores))
                Reading.AssertClose([a], [b], 100 * TestModels.Tolerance * Math.Max(1, a.Max(Math.Abs)));
        }
    }

    /// <summary>The mean square of the features' distances from their mean: what one cluster would give.</summary>
    private double Spread(IDataView data)
    {
        var rows = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(data).Transform(data)
            .Vectors("Features");
        var means = Enumerable.Range(0, rows[0].Length).Select(i => rows.Average(row => row[i])).ToArray();
        return rows.Average(row => row.Zip(means, (value, mean) => (double)(value - mean) * (value - mean)).Sum());
    }
}
