using System.Globalization;
using System.Reflection;

namespace GanPipeline.Compat.Tests.Api;

/// <summary>Types and constant values as the API lists write them.</summary>
internal static class ApiNames
{
    /// <summary>The full name with type arguments; <c>System.</c> is left off.</summary>
    internal static string Of(Type type)
    {
        if (type.IsByRef) return "ref " + Of(type.GetElementType()!);
        if (type.IsPointer) return Of(type.GetElementType()!) + "*";
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsGenericParameter) return type.Name;
        return Nullable.GetUnderlyingType(type) is { } value ? Of(value) + "?" : Qualified(type, type.GetGenericArguments());
    }

    private static string Qualified(Type type, Type[] arguments)
    {
        var outer = type.DeclaringType;
        var prefix = outer is not null ? Qualified(outer, arguments) + "."
            : type.Namespace is null or "System" ? "" : type.Namespace + ".";
        var own = arguments[(outer?.GetGenericArguments().Length ?? 0)..type.GetGenericArguments().Length];
        var name = type.Name.Split('`')[0];
        return prefix + (own.Length == 0 ? name : $"{name}<{string.Join(", ", own.Select(Of))}>");
    }

    /// <summary>The default value of a parameter, or the value of a constant.</summary>
    internal static string Value(object? value, Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (value is null) return plain != type || !(type.IsValueType || type.IsGenericParameter) ? "null" : "default";
        if (plain.IsEnum) return EnumValue(plain, value);
        return value switch
        {
            bool b => b ? "true" : "false",
            string s => Quoted(s, '"'),
            char c => Quoted(c.ToString(), '\''),
            float f => f.ToString("R", CultureInfo.InvariantCulture) + "f",
            double d => d.ToString("R", CultureInfo.InvariantCulture) + "d",
            decimal m => m.ToString(CultureInfo.InvariantCulture) + "m",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static string EnumValue(Type type, object value)
    {
        var text = Enum.ToObject(type, value).ToString()!;
        return char.IsAsciiDigit(text[0]) || text[0] == '-' ? $"({Of(type)}){text}"
            : string.Join('|', text.Split(", ").Select(name => $"{Of(type)}.{name}"));
    }

    private static string Quoted(string text, char quote) => quote + string.Concat(text.Select(c => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when c == quote || c == '\\' => "\\" + c,
        < ' ' or > '~' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
        _ => c.ToString(),
    })) + quote;

    /// <summary>The <c>where</c> clauses of generic parameters, each with a space before it.</summary>
    internal static string Constraints(Type[] parameters) => string.Concat(parameters.Select(parameter =>
    {
        var attributes = parameter.GenericParameterAttributes;
        var isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        List<string> all = [];
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) all.Add("class");
        if (isStruct) all.Add("struct");
        all.AddRange(parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(Of).Order(StringComparer.Ordinal));
        if (!isStruct && attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint)) all.Add("new()");
        return all.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", all)}";
    }));
}
