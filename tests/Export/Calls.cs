using System.Buffers.Binary;
using System.Reflection;
using TorchSharp;

namespace GanPipeline.Export.Tests;

/// <summary>Which functions of TorchSharp a test class and its lambdas call, by their IL.</summary>
internal static class Calls
{
    public static HashSet<MethodInfo> Of(Type type)
    {
        var calls = new HashSet<MethodInfo>();
        const BindingFlags declared = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic |
            BindingFlags.DeclaredOnly;
        foreach (var method in type.GetNestedTypes(BindingFlags.NonPublic).Append(type).SelectMany(one => one.GetMethods(declared)))
        {
            var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
            // call and callvirt; what merely looks like one has no method's token.
            for (var i = 0; i + 5 <= il.Length; i++)
                if (il[i] is 0x28 or 0x6F && Resolve(type.Module, BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(i + 1))) is { } called)
                    calls.Add(called);
        }
        return calls;
    }

    private static MethodInfo? Resolve(Module module, int token)
    {
        // Of a method definition, a reference, or a generic one.
        if (token >> 24 is not (0x06 or 0x0A or 0x2B)) return null;
        try
        {
            return module.ResolveMethod(token) is MethodInfo { DeclaringType: { } type } method && type.Assembly == typeof(torch).Assembly
                ? method
                : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
