namespace GanPipeline.Data;

/// <summary>The requested classes and their labels.</summary>
internal sealed class ClassFilter
{
    private readonly int[] _labels;

    /// <exception cref="DataSetException">A requested class does not exist in the data.</exception>
    public ClassFilter(IReadOnlyList<string> all, IReadOnlyList<string> wanted, string where)
    {
        var unknown = wanted.Where(w => !all.Contains(w, ComposedText.Comparer)).Select(w => $"'{w}'").ToList();
        if (unknown.Count > 0)
        {
            throw new DataSetException(all.Count == 0
                ? $"Classes are requested ({string.Join(", ", unknown)}), but {where} has no labels."
                : $"There is no class {string.Join(" nor ", unknown)} in {where}; its classes are {Listed(all)}.");
        }
        Names = wanted.Count == 0 ? all : [.. all.Where(name => wanted.Contains(name, ComposedText.Comparer))];
        _labels = [.. all.Select(name => IndexOf(Names, name))];
        LeavesOut = wanted.Count > 0;
    }

    /// <summary>The classes that are kept, in the data's order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether anything is left out.</summary>
    public bool LeavesOut { get; }

    /// <summary>The label of one of the data's own labels; -1 if its class is left out, or for no label.</summary>
    public int Label(int own) => own < 0 ? -1 : _labels[own];

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
            if (names[i] == name) return i;
        return -1;
    }

    private static string Listed(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(60)) + (names.Count > 60 ? $", and {names.Count - 60} more" : "");
}
