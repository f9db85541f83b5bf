namespace GanPipeline.ML;

/// <summary>How many rows there are of which kind, what is asked of the generator for them, and their order.</summary>
/// <param name="RealRows">Rows of the real view.</param>
/// <param name="Order">The generated ones.</param>
/// <param name="Names">The class of each of the order's classes.</param>
/// <param name="Requests">What the generator is asked for; null where it is not conditional.</param>
internal sealed record AugmentedPlan(long RealRows, GeneratedOrder Order, IReadOnlyList<string> Names, IReadOnlyList<string>? Requests)
{
    public static AugmentedPlan Make(AugmentedView view, SharedModel model)
    {
        var options = view.Options;
        var (rows, counts) = Count(view);
        var requests = Ask(options, model, view.Classes.Names ?? [.. counts.Keys.Order(StringComparer.Ordinal)]);
        var most = options.FillTo is > 0 and var full ? full : counts.Values.DefaultIfEmpty(0).Max();
        int[] missing = [.. requests.Select(request =>
            options.PerClass ?? (int)Math.Max(0, most - counts.GetValueOrDefault(request.Name)))];
        return new(rows, new GeneratedOrder(missing, options.Seed ?? 0, options.Shuffle), [.. requests.Select(request => request.Name)],
            model.Label is null ? null : [.. requests.Select(request => request.Request!)]);
    }

    /// <summary>The classes to generate, and what the generator is asked for.</summary>
    /// <param name="options">Which ones.</param>
    /// <param name="model">The generator.</param>
    /// <param name="real">All real classes.</param>
    /// <exception cref="ArgumentException">The generator does not know one, or the real data do not.</exception>
    public static (string Name, string? Request)[] Ask(GeneratedAppendingOptions options, SharedModel model, string[] real)
    {
        var names = options.Classes.Count > 0 ? [.. options.Classes] : real;
        if (names.Distinct().Count() < names.Length) throw new ArgumentException($"A class stands twice in {List(names)}.");
        if (names.Except(real).ToArray() is [var stranger, ..])
            throw new ArgumentException($"The real rows have no class '{stranger}'; they have {List(real)}.");
        if (model.Label is null)
        {
            return names.Length == 1 ? [(names[0], null)] : throw new ArgumentException(
                $"'{model.Name}' is not conditional: it makes images of one kind. Name their class in " +
                $"{nameof(GeneratedAppendingOptions.Classes)}; there are {List(real)}.");
        }
        if (model.Labels is not { } layout)
            throw new ArgumentException($"'{model.Name}' takes labels, but its metadata do not say what they stand for.");
        var field = layout.Fields.Count == 1 ? layout.Fields[0]
            : layout.Fields.FirstOrDefault(field => field.Name == options.ClassField) ?? throw new ArgumentException(
                $"'{model.Name}' has no field '{options.ClassField}'; name the one that is the class in " +
                $"{nameof(GeneratedAppendingOptions.ClassField)}: {List(layout.Fields.Select(field => field.Name))}.");
        if (field.Kind != LabelKind.Categorical)
            throw new ArgumentException($"The field '{field.Name}' of '{model.Name}' has no classes: it is {field.Domain}.");
        if (names.Except(field.Values).ToArray() is [var unknown, ..])
            throw new ArgumentException($"'{model.Name}' knows no class '{unknown}'; it knows {List(field.Values)}. Name those to " +
                $"generate in {nameof(GeneratedAppendingOptions.Classes)}.");
        return [.. names.Select(name => (name, (string?)$"{LabelQuotes.Around(field.Name)}={LabelQuotes.Around(name)}"))];
    }

    /// <summary>Rows, and rows of each class.</summary>
    private static (long Rows, Dictionary<string, long> Counts) Count(AugmentedView view)
    {
        var counts = new Dictionary<string, long>();
        // Keys have their names, so that a number of each class needs no look at the rows.
        if (view.Options.PerClass is not null && view.Classes.Names is not null && view.Real.GetRowCount() is { } known)
            return (known, counts);
        using var cursor = view.Real.GetRowCursor([view.LabelColumn]);
        var read = view.Classes.Reader(cursor);
        long rows = 0;
        for (; cursor.MoveNext(); rows++)
            if (read() is { } name) counts[name] = counts.GetValueOrDefault(name) + 1;
        return (rows, counts);
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
