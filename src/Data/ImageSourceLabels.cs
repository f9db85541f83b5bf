namespace GanPipeline.Data;

/// <summary>Label vectors from a data set's attributes.</summary>
public static class ImageSourceLabels
{
    /// <summary>The layout of some of a data set's attributes. Checks the values of every picture, but decodes none.</summary>
    /// <param name="source">The pictures.</param>
    /// <param name="names">Which attributes, in the vector's order; at least one, none twice.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="DataSetException">
    /// A name is not among the attributes; an attribute is the same in every picture, or one of its values never occurs; a picture has no
    /// value.
    /// </exception>
    public static LabelLayout SelectLabels(this IImageSource source, IReadOnlyList<string> names,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        LabelLayout layout;
        try { layout = LabelLayout.Select(source.Attributes, names); }
        catch (ArgumentException e) when (e is not ArgumentNullException) { throw new DataSetException(e.Message, e); }
        LabelCensus.Require(source, [.. layout.AttributeIndices], cancellationToken);
        return layout;
    }

    /// <summary>
    /// The share of each class among a data set's pictures; of <c>stacked-mnist</c> the probability with which each is drawn, which does
    /// not depend on how many pictures there are.
    /// </summary>
    /// <param name="source">The pictures. Those without a label are not counted.</param>
    /// <returns>A number for each of <see cref="IImageSource.Classes"/>, 1 in all; empty if there are no classes.</returns>
    public static IReadOnlyList<double> ClassShares(this IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source switch
        {
            StackedMnistSource stacked => stacked.ClassShares,
            SelectedSource selected => selected.ClassShares(),
            _ => CountShares(source),
        };
    }

    internal static double[] CountShares(IImageSource source)
    {
        var counts = new long[source.Classes.Count];
        if (counts.Length == 0) return [];
        for (var i = 0; i < source.Count; i++)
            if (source.Label(i) is >= 0 and var label) counts[label]++;
        var all = (double)counts.Sum();
        return [.. counts.Select(count => count / all)];
    }

    /// <summary>The labels of some pictures, spread evenly over a data set.</summary>
    /// <param name="source">The pictures; at least one.</param>
    /// <param name="layout">Which attributes.</param>
    /// <param name="count">How many pictures at most, at least 1.</param>
    public static LabelExamples TakeLabelExamples(this IImageSource source, LabelLayout layout, int count = LabelExamples.DefaultCount)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var own = LabelLayout.Select(source.Attributes, [.. layout.Fields.Select(f => f.Name)]);
        var values = new float[source.Attributes.Count];
        return new([.. Spread.Indices(count, source.Count).Select(picture =>
        {
            source.ReadAttributes(picture, values);
            var row = new float[own.Fields.Count];
            own.Choose(values, row);
            return row;
        })]);
    }
}
