using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>
/// What a maximum-entropy classifier minimises: the cross-entropy summed over the rows of a view, plus half the squared weights times
/// their regularisation (biases are free). A value is a pass over the view, by several cursors at once, and keeps no row.
/// </summary>
internal sealed class SoftmaxObjective
{
    private readonly IDataView data;
    private readonly TrainingColumns columns;
    private readonly int classes;
    private readonly int features;
    private readonly double l2;
    private readonly int threads;
    private readonly SoftmaxParameters parameters;
    private readonly List<SoftmaxShare> shares = [];

    /// <param name="data">The view.</param>
    /// <param name="columns">Its columns; the label is a key.</param>
    /// <param name="l2">The weight of half the squared weights.</param>
    /// <param name="threads">How many cursors to ask for.</param>
    public SoftmaxObjective(IDataView data, TrainingColumns columns, double l2, int threads)
    {
        (this.data, this.columns, this.l2, this.threads) = (data, columns, l2, threads);
        (classes, features) = (columns.Classes, columns.Features);
        parameters = new SoftmaxParameters(classes, features);
    }

    /// <summary>The number of parameters: a bias a class, then the weights class by class.</summary>
    public int Length => checked(classes + classes * features);

    /// <summary>The rows that the last value was made of: those with a label and without a missing feature.</summary>
    public long Examples => shares.Sum(share => share.Examples);

    /// <summary>The value at a point, and the gradient.</summary>
    public double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
    {
        parameters.Set(point);
        var cursors = data.GetRowCursorSet(columns.All, threads);
        while (shares.Count < cursors.Length) shares.Add(new SoftmaxShare(classes, features));
        foreach (var share in shares) share.Clear();
        Run(cursors);

        // The shares are summed in their order: where the cursors divide the rows in the same way, the sum is the same to the bit.
        double value = 0;
        gradient.Clear();
        foreach (var share in shares)
        {
            value += share.Loss;
            TensorPrimitives.Add(gradient, share.Gradient, gradient);
        }
        var weights = point[classes..];
        TensorPrimitives.MultiplyAdd(weights, l2, gradient[classes..], gradient[classes..]);
        return value + 0.5 * l2 * TensorPrimitives.SumOfSquares(weights);
    }

    /// <summary>Reads each cursor in a thread of its own: those of a set may wait for each other.</summary>
    private void Run(DataViewRowCursor[] cursors)
    {
        if (cursors.Length == 1)
        {
            Read(cursors[0], shares[0]);
            return;
        }
        var tasks = cursors.Select((cursor, i) => Task.Factory.StartNew(() => Read(cursor, shares[i]), TaskCreationOptions.LongRunning));
        try
        {
            Task.WaitAll([.. tasks]);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private void Read(DataViewRowCursor cursor, SoftmaxShare share)
    {
        using (cursor)
        {
            var labelGetter = cursor.GetGetter<uint>(cursor.Schema[columns.Label.Index]);
            var featureGetter = cursor.GetGetter<VBuffer<float>>(cursor.Schema[columns.Feature.Index]);
            var weightGetter = columns.Weight is { } column ? cursor.GetGetter<float>(cursor.Schema[column.Index]) : null;
            uint key = 0;
            var rowWeight = 1f;
            while (cursor.MoveNext())
            {
                labelGetter(ref key);
                weightGetter?.Invoke(ref rowWeight);
                if (key == 0 || rowWeight == 0 || float.IsNaN(rowWeight)) continue;
                if (key > (uint)classes)
                    throw new InvalidOperationException($"The label is key {key} in row {cursor.Position}, of {classes} keys");
                featureGetter(ref share.Next);
                share.Add((int)key - 1, rowWeight, parameters);
            }
            share.Finish(parameters);
        }
    }
}
