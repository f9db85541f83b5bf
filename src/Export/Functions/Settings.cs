using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>
/// The settings of a call by name: a function's arguments, or the properties of a layer that does what the function does. So that one
/// converter serves both.
/// </summary>
internal static class Settings
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static object? Setting(this FunctionCall call, params ReadOnlySpan<string> names)
    {
        if (call.Argument(names) is { } given) return given;
        if (call.Call.Layer is not { } layer) return null;
        foreach (var name in names)
            if (layer.GetType().GetProperty(name, Any)?.GetValue(layer) is { } value) return value;
        return null;
    }

    public static double SettingNumber(this FunctionCall call, double otherwise, params ReadOnlySpan<string> names) =>
        call.Setting(names) switch
        {
            TracedSize size => call.Fixed(size),
            double or float or long or int => Convert.ToDouble(call.Setting(names), null),
            _ => otherwise,
        };

    public static bool SettingFlag(this FunctionCall call, string name, bool otherwise = false) =>
        call.Setting(name) as bool? ?? otherwise;

    /// <summary>One number, or several; null where none are given.</summary>
    public static long[]? SettingIntegers(this FunctionCall call, params ReadOnlySpan<string> names)
    {
        return call.Setting(names) switch
        {
            null => null,
            long[] several => several,
            ITuple several => [.. Enumerable.Range(0, several.Length).Select(i => (long)several[i]!)],
            object?[] several => [.. several.Select(One)],
            var one => [One(one)],
        };

        long One(object? value) => value as long? ?? call.Fixed(value!);
    }

    /// <summary>A tensor among the arguments, or one that a layer holds; null where there is none.</summary>
    public static OnnxValue? SettingTensor(this FunctionCall call, string name) => call.Setting(name) switch
    {
        TracedValue value => call.Value(value),
        Tensor tensor => call.Graph.Constant(tensor, name),
        _ => null,
    };
}
