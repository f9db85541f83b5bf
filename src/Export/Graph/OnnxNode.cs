namespace GanPipeline.Export;

/// <summary>
/// An operator of the graph under construction. Its inputs, outputs and attributes change while the graph is simplified and batch
/// normalisations are folded.
/// </summary>
internal sealed class OnnxNode(
    string opType, string path, CallSite? source, OnnxValue?[] inputs, OnnxValue[] outputs, OnnxSetting[] attributes)
{
    public string OpType { get; } = opType;

    /// <summary>The path of the module that the operator comes from.</summary>
    public string Path { get; } = path;

    /// <summary>Where the program calls what the operator comes from; null where it is not known.</summary>
    public CallSite? Source { get; } = source;

    /// <summary>The inputs; null where an optional one is left out.</summary>
    public OnnxValue?[] Inputs { get; set; } = inputs;

    public OnnxValue[] Outputs { get; set; } = outputs;

    public IReadOnlyList<OnnxSetting> Attributes { get; set; } = attributes;

    public string Name { get; set; } = "";

    /// <summary>An attribute's value, or the operator's default where it is not written.</summary>
    public T Attribute<T>(string name, T otherwise)
    {
        foreach (var attribute in Attributes)
            if (attribute.Name == name && attribute.Value is T value) return value;
        return otherwise;
    }

    /// <summary>An input that is a constant of floats, and its elements.</summary>
    public bool TryConstant(int index, out OnnxValue value, out float[] elements)
    {
        value = Inputs.ElementAtOrDefault(index)!;
        elements = (value?.Elements as float[])!;
        return elements is not null;
    }
}
