using GanPipeline.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>Which rows are accepted, by a network's output for them.</summary>
internal abstract class Acceptance
{
    /// <summary>The columns that it reads beside the output.</summary>
    public virtual IEnumerable<DataViewSchema.Column> Columns => [];

    /// <summary>Whether the current row of a cursor is accepted.</summary>
    /// <param name="row">The cursor.</param>
    /// <param name="output">The column of the network's output.</param>
    public Func<bool> Open(DataViewRow row, DataViewSchema.Column output)
    {
        var getter = row.GetGetter<VBuffer<float>>(output);
        var accepts = Open(row);
        VBuffer<float> values = default;
        return () =>
        {
            getter(ref values);
            return accepts(values);
        };
    }

    protected abstract Func<VBuffer<float>, bool> Open(DataViewRow row);
}

/// <summary>Those of which a single output is large enough.</summary>
internal sealed class AcceptanceByOutput(double minimum) : Acceptance
{
    protected override Func<VBuffer<float>, bool> Open(DataViewRow row) => values => values.GetItemOrDefault(0) >= minimum;
}

/// <summary>Those that a classifier takes for what their label says, with so much probability.</summary>
internal sealed class AcceptanceByLabel : Acceptance
{
    private readonly double _minimum;
    private readonly DataViewSchema.Column _column;
    private readonly ClassColumn _labels;
    private readonly Dictionary<string, int> _places;
    private readonly int _first;

    /// <exception cref="ArgumentException">The classifier reads no such classes, or its scores are no probabilities.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or none of classes with names.</exception>
    public AcceptanceByLabel(DataViewSchema schema, string labelColumnName, string classifier, string? attribute, double minimum)
    {
        _minimum = minimum;
        _labels = ClassColumn.Of(schema, labelColumnName);
        _column = schema[labelColumnName];
        using var model = ClassifierModel.Load(classifier);
        if (!model.IsCalibrated) throw new ArgumentException($"The scores of '{classifier}' are no probabilities.");
        var field = attribute is null ? model.Fields[0] : model.Fields.FirstOrDefault(field => field.Name == attribute)
            ?? throw new ArgumentException($"'{classifier}' reads no '{attribute}'; it reads " +
                $"{string.Join(", ", model.Fields.Select(field => $"'{field.Name}'"))}.");
        if (field.Kind != LabelKind.Categorical) throw new ArgumentException($"'{classifier}' tells no classes by '{field.Name}'.");
        _first = model.Fields.TakeWhile(other => other.Name != field.Name).Sum(other => other.Width);
        _places = field.Values.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        // Of keys all names are known now.
        foreach (var name in _labels.Names ?? []) Place(name);
    }

    public override IEnumerable<DataViewSchema.Column> Columns => [_column];

    protected override Func<VBuffer<float>, bool> Open(DataViewRow row)
    {
        var label = _labels.Reader(row);
        return values =>
        {
            if (label() is not { } name) return false;
            var own = values.GetItemOrDefault(_first + Place(name));
            double sum = 0;
            for (var i = 0; i < _places.Count; i++) sum += Math.Exp(values.GetItemOrDefault(_first + i) - own);
            return 1 / sum >= _minimum;
        };
    }

    private int Place(string name) => _places.TryGetValue(name, out var place) ? place : throw new ArgumentException(
        $"The classifier knows no class '{name}'; it knows {string.Join(", ", _places.Keys.Select(known => $"'{known}'"))}.");
}
