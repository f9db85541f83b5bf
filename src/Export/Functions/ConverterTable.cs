namespace GanPipeline.Export;

/// <summary>What the exporter knows of a function or a layer.</summary>
/// <param name="Section">Where the reference lists it.</param>
/// <param name="Convert">Adds it to a graph, or throws.</param>
/// <param name="Since">The operator set from which on there is a form.</param>
/// <param name="Note">What has no form, or an exact one, in a sentence of the reference; null where all of it has.</param>
/// <param name="Exactness">Whether there is a form.</param>
internal sealed record ConverterEntry(
    string Section, Func<FunctionCall, OnnxValue[]> Convert, int Since, string? Note, Exactness Exactness);

/// <summary>How the ONNX form of a function or a layer compares with Torch's.</summary>
internal enum Exactness
{
    /// <summary>The same numbers, up to the order in which sums are rounded.</summary>
    Exact,

    /// <summary>Other numbers somewhere, as the entry's note says.</summary>
    Approximate,

    /// <summary>There is none.</summary>
    Refused,
}

/// <summary>Converters by what they convert: functions by name, layers by type.</summary>
internal abstract class ConverterTable<TKey> where TKey : notnull
{
    private readonly Dictionary<TKey, ConverterEntry> _entries = [];

    /// <summary>Where the reference lists what is added from here on.</summary>
    public string Section { get; set; } = "";

    public IReadOnlyDictionary<TKey, ConverterEntry> Entries => _entries;

    /// <summary>The text of an exception for what is refused.</summary>
    protected abstract string Refusal(FunctionCall call, string why);

    protected void Add(
        TKey key, Func<FunctionCall, OnnxValue[]> convert, int since, string? note, Exactness exactness = Exactness.Exact) =>
        _entries.Add(key, new ConverterEntry(Section, call => call.Graph.Opset < since
            ? throw call.Graph.Error(Refusal(call, $"which ONNX has from operator set {since} on; set {nameof(ExportOptions.Opset)}"))
            : convert(call), since, note, exactness));

    protected void Refuse(TKey key, string why) => _entries.Add(key, new ConverterEntry(
        Section, call => throw call.Graph.Error(Refusal(call, why)), ExportOptions.OldestOpset, why, Exactness.Refused));
}

/// <summary>Converters of functions, by their names in lower case; several names are separated by spaces.</summary>
internal sealed class FunctionConverters : ConverterTable<string>
{
    /// <summary>Adds a function of one result.</summary>
    public void Add(string names, Func<FunctionCall, OnnxValue> convert, int since = ExportOptions.OldestOpset, string? note = null) =>
        AddMany(names, call => [convert(call)], since, note);

    /// <summary>Adds a function of several results.</summary>
    public void AddMany(
        string names, Func<FunctionCall, OnnxValue[]> convert, int since = ExportOptions.OldestOpset, string? note = null)
    {
        foreach (var name in names.Split(' ')) Add(name, convert, since, note);
    }

    /// <summary>Adds a function whose form gives other numbers somewhere.</summary>
    public void AddNear(string names, string note, Func<FunctionCall, OnnxValue> convert)
    {
        foreach (var name in names.Split(' '))
            Add(name, call => [convert(call)], ExportOptions.OldestOpset, note, Exactness.Approximate);
    }

    /// <summary>Adds functions that have no form.</summary>
    /// <param name="names">The names.</param>
    /// <param name="why">Why, and what to do: "which draws random numbers; make them an input".</param>
    public new void Refuse(string names, string why)
    {
        foreach (var name in names.Split(' ')) base.Refuse(name, why);
    }

    /// <summary>The converter of a function; null where there is none.</summary>
    public Func<FunctionCall, OnnxValue[]>? Find(TracedCall call)
    {
        var name = FunctionCall.NameOf(call);
        // Two functions of one name: functional.unfold makes columns of windows, Tensor.unfold an axis.
        return (Entries.GetValueOrDefault($"{call.Function.DeclaringType!.Name}.{name}") ?? Entries.GetValueOrDefault(name))?.Convert;
    }

    protected override string Refusal(FunctionCall call, string why) => $"calls {call.Call.Name}, in {call.Call.Site}, {why}";
}

/// <summary>Converters of layers, by type.</summary>
internal sealed class LayerConverters : ConverterTable<Type>
{
    /// <summary>Adds a layer.</summary>
    public void Add<TLayer>(Func<FunctionCall, OnnxValue[]> convert, string? note = null) =>
        Add(typeof(TLayer), convert, ExportOptions.OldestOpset, note);

    /// <summary>Adds a layer that does what a function does, with settings of the same names.</summary>
    public void Add<TLayer>(FunctionConverters functions, string function)
    {
        var entry = functions.Entries[function];
        Add(typeof(TLayer), entry.Convert, entry.Since, entry.Note, entry.Exactness);
    }

    /// <summary>Adds a layer that has no form.</summary>
    /// <param name="why">Why, and what to do: "draws its windows at random; take MaxPool2d".</param>
    public void Refuse<TLayer>(string why) => Refuse(typeof(TLayer), why);

    protected override string Refusal(FunctionCall call, string why) => $"{why}. Or pass a converter: {nameof(ExportOptions)}." +
        $"{nameof(ExportOptions.Converters)} = {nameof(ModuleConverters)}.{nameof(ModuleConverters.Default)}" +
        $".{nameof(ModuleConverters.With)}<{call.Call.Layer!.GetType().Name}>(...)";
}
