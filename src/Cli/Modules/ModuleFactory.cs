using System.Globalization;
using System.Reflection;
using GanPipeline.Pipelines;
using TorchSharp;

namespace GanPipeline.Cli;

/// <summary>Makes a module from its constructor's arguments as text.</summary>
internal static class ModuleFactory
{
    /// <summary>The module; its constructor takes the arguments, and further parameters are optional.</summary>
    public static torch.nn.Module Make(Type type, IReadOnlyList<string> arguments)
    {
        var constructors = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public);
        foreach (var constructor in constructors.OrderBy(constructor => constructor.GetParameters().Length))
        {
            var parameters = constructor.GetParameters();
            if (parameters.Length < arguments.Count) continue;
            if (!parameters.Skip(arguments.Count).All(parameter => parameter.HasDefaultValue)) continue;
            var values = parameters.Select((parameter, i) => i < arguments.Count
                ? Value(arguments[i], parameter.ParameterType)
                : parameter.DefaultValue).ToArray();
            if (values.Take(arguments.Count).Contains(null)) continue;
            try
            {
                return (torch.nn.Module)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, values, null);
            }
            catch (Exception e) when (e is not DllNotFoundException and not TypeInitializationException)
            {
                throw new RequestException($"The constructor of {type.FullName} fails: {e.Message.Split('\n')[0]}", e);
            }
        }
        var known = constructors.Select(constructor => $"({string.Join(", ", constructor.GetParameters().Select(Describe))})");
        throw new RequestException(constructors.Length == 0
            ? $"{type.FullName} has no public constructor."
            : $"{type.FullName} cannot be made from ({string.Join(", ", arguments)}). It takes {string.Join(" or ", known)}; " +
                "numbers, true, false, texts and names of enumerations go with --args.");
    }

    private static string Describe(ParameterInfo parameter) => $"{parameter.ParameterType.Name} {parameter.Name}" +
        (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "");

    private static object? Value(string text, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return text;
        if (type.IsEnum) return Enum.TryParse(type, text, ignoreCase: true, out var value) ? value : null;
        if (type.IsArray)
        {
            var elements = text.Split(',').Select(part => Value(part, type.GetElementType()!)).ToArray();
            if (elements.Contains(null)) return null;
            var array = Array.CreateInstance(type.GetElementType()!, elements.Length);
            elements.CopyTo(array, 0);
            return array;
        }
        if (!type.IsPrimitive) return null;
        try
        {
            return Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException)
        {
            return null;
        }
    }
}
