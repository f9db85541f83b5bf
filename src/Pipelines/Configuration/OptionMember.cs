using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanPipeline.Data;

namespace GanPipeline.Pipelines;

/// <summary>
/// A property of an option record that a key of pipelines.yaml sets. The key is the property's name in kebab case, and so are the values
/// of enumerations: <c>GeneratorLoss.NonSaturating</c> is <c>generator-loss: non-saturating</c>.
/// </summary>
/// <param name="Property">The property.</param>
/// <param name="IsPath">Whether its text is a path, which starts from the folder of the file that it is written in.</param>
internal sealed record OptionMember(PropertyInfo Property, bool IsPath)
{
    private static readonly Type[] _simple =
    [
        typeof(string), typeof(bool), typeof(int), typeof(long), typeof(double), typeof(NumberRange), typeof(IReadOnlyList<string>),
            typeof(IReadOnlyList<double>), typeof(IReadOnlyList<int>),
    ];

    public string Key { get; } = KeyOf(Property.Name);

    /// <summary>What is written where a value is left to the program, of members that may hold nothing.</summary>
    public const string Automatic = "auto";

    public Type Type { get; } = TypeOf(Property);

    /// <summary>Whether it may hold nothing, which <see cref="Automatic"/> stands for.</summary>
    public bool IsAutomatic { get; } = Nullable.GetUnderlyingType(Property.PropertyType) is not null;

    /// <summary>Whether its value is a map of further options.</summary>
    public bool IsNested { get; } = TypeOf(Property) is { IsClass: true } type && type.GetMethod("Problems") is not null;

    public bool IsFlags { get; } = TypeOf(Property) is { IsEnum: true } type && type.IsDefined(typeof(FlagsAttribute));

    /// <summary>The values that there are to choose from; null where any is allowed.</summary>
    public IReadOnlyList<string>? Choices =>
        Type == typeof(bool) ? ["false", "true"]
        : Type.IsEnum ? [.. Values.Select(v => KeyOf(v.ToString()))]
        : Property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed ? [.. allowed.Values.Select(v => v!.ToString()!)]
        : null;

    /// <summary>A name as pipelines.yaml spells it.</summary>
    public static string KeyOf(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    /// <summary>The enumeration's value that a choice names, or null.</summary>
    public object? Parse(string choice) => Enum.GetValues(Type).Cast<object>().FirstOrDefault(v => KeyOf(v.ToString()!) == choice);

    /// <summary>
    /// The members of a record that keys can set, in their order: those with an init accessor and a type that YAML can say.
    /// </summary>
    public static IEnumerable<OptionMember> Of(Type type, IReadOnlyList<string> paths) =>
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        let member = new OptionMember(property, paths.Contains(property.Name))
        where property.SetMethod is not null && member.IsBindable
        select member;

    /// <summary>A record's members under their keys; those that hold nothing are left out.</summary>
    public static JsonObject ToJson(object options, IEnumerable<OptionMember> members)
    {
        var json = new JsonObject();
        foreach (var member in members)
        {
            if (member.Property.GetValue(options) is { } value) json[member.Key] = member.ToJson(value);
            else if (member.IsAutomatic) json[member.Key] = Automatic;
        }
        return json;
    }

    private static Type TypeOf(PropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    private bool IsBindable => IsNested || Type.IsEnum || _simple.Contains(Type);

    /// <summary>An enumeration's values; of flags those that are one.</summary>
    private IEnumerable<Enum> Values
        => Enum.GetValues(Type).Cast<Enum>().Where(v => !IsFlags || Convert.ToInt64(v, CultureInfo.InvariantCulture) != 0);

    private JsonNode? ToJson(object value) => value switch
    {
        NumberRange range => new JsonArray(range.From, range.To),
        Enum flags when IsFlags => Json.Array(Values.Where(flags.HasFlag).Select(v => KeyOf(v.ToString()))),
        Enum choice => KeyOf(choice.ToString()),
        _ when IsNested => ToJson(value, Of(Type, [])),
        string text => text,
        bool flag => flag,
        int number => number,
        long number => number,
        double number => number,
        IEnumerable<string> texts => Json.Array(texts),
        IEnumerable<int> numbers => new JsonArray([.. numbers.Select(number => (JsonNode?)number)]),
        IEnumerable<double> numbers => new JsonArray([.. numbers.Select(number => (JsonNode?)number)]),
        _ => throw new NotSupportedException($"{Property.Name} is {Type}."),
    };
}
