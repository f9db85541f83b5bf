using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Tests;

/// <summary>Classifiers of one class against the others, trained each on its own view of the rows.</summary>
public sealed class OneClassTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FeatureTable _table;
    private readonly IDataView _rows;

    public OneClassTests()
    {
        // Some rows have no label; the first one is of the last class.
        _table = FeatureTables.Make(_folder["rows"], new ShapesSource(60) { Labels = i => i % 10 == 9 ? -1 : i % 3 }, null, null);
        _rows = _table.Select([.. Enumerable.Range(2, 58)]);
    }

    public void Dispose()
    {
        _table.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_are_of_the_class_or_not(bool cached)
    {
        var rows = cached ? new MLContext().Data.Cache(_rows) : _rows;
        var view = new OneClassView(rows, 1);
        Assert.Equal(_rows.GetColumn<uint>("Label").Select(label => label == 2), view.GetColumn<bool>("Label"));
        Assert.Equal(_rows.GetColumn<float[]>("Features"), view.GetColumn<float[]>("Features"));
        Assert.Equal(58, view.GetRowCount());

        // Shuffled, features and labels stay together.
        using var cursor = view.GetRowCursor(view.Schema, new Random(1));
        var features = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        var label = cursor.GetGetter<bool>(view.Schema["Label"]);
        var labels = _rows.GetColumn<float[]>("Features").Zip(_rows.GetColumn<uint>("Label"))
            .ToDictionary(row => string.Join(' ', row.First), row => row.Second == 2);
        var (value, isOf, order) = (default(VBuffer<float>), false, new List<bool>());
        while (cursor.MoveNext())
        {
            features(ref value);
            label(ref isOf);
            Assert.Equal(labels[string.Join(' ', value.DenseValues())], isOf);
            order.Add(isOf);
        }
        Assert.Equal(58, order.Count);
        Assert.NotEqual(view.GetColumn<bool>("Label"), order);
    }

    /// <summary>One-versus-all asks for the first class twice, and may ask in any order.</summary>
    [Fact]
    public void Each_class_gets_its_own_classifier()
    {
        var ml = new MLContext(1);
        var trainer = ml.BinaryClassification.Trainers.LinearSvm(numberOfIterations: 20);
        var machines = Enumerable.Range(0, 3).Select(label => trainer.Fit(new OneClassView(_rows, label))).ToArray();
        var given = new TrainedByClass(trainer, machines, [.. _rows.GetColumn<uint>("Label")]);
        var scored = ml.MulticlassClassification.Trainers.OneVersusAll(given).Fit(_rows).Transform(_rows);
        Assert.InRange(ml.MulticlassClassification.Evaluate(scored).MicroAccuracy, 0.95, 1);
    }
}
