using System.Reflection;
using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>The part of a section that one option record takes: its defaults and its keys.</summary>
internal abstract class OptionPart
{
    private static readonly MethodInfo _clone = typeof(object).GetMethod(
        "MemberwiseClone",
        BindingFlags.NonPublic | BindingFlags.Instance)!;

    private readonly object _defaults;
    private readonly Func<object, IEnumerable<(string Member, string Problem)>> _problems;

    protected OptionPart(
        object defaults,
        Func<object, IEnumerable<(string Member, string Problem)>> problems,
        string[] except,
        string[] paths)
    {
        (_defaults, _problems) = (defaults, problems);
        Members = [.. OptionMember.Of(defaults.GetType(), paths).Where(m => !except.Contains(m.Property.Name))];
    }

    /// <summary>The record's properties that keys set.</summary>
    public IReadOnlyList<OptionMember> Members { get; }

    public Type Type => _defaults.GetType();

    /// <summary>What a key has where it is not written.</summary>
    public object? Default(OptionMember member) => member.Property.GetValue(_defaults);

    /// <summary>A record of its own with the defaults.</summary>
    public object New() => _clone.Invoke(_defaults, [])!;

    /// <summary>What the record says is wrong with it.</summary>
    public IEnumerable<(string Member, string Problem)> Problems(object options) => _problems(options);

    public JsonObject ToJson(object options) => OptionMember.ToJson(options, Members);
}

/// <param name="defaults">The record as its library makes it.</param>
/// <param name="problems">The record's own validation.</param>
/// <param name="except">Properties that no key sets, because the pipeline knows them itself.</param>
/// <param name="paths">Properties whose text is a path.</param>
internal sealed class OptionPart<T>(
    T defaults,
    Func<T, IEnumerable<(string Member, string Problem)>> problems,
    string[]? except = null,
    string[]? paths = null)
    : OptionPart(defaults, options => problems((T)options), except ?? [], paths ?? [])
    where T : class;
