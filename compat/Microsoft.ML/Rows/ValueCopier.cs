using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Copies a column's value so that it outlives the row.</summary>
internal static class ValueCopier<T>
{
    internal delegate void Copier(in T source, ref T destination);

    internal static Copier Copy { get; } = Make();

    private static Copier Make()
    {
        if (!typeof(T).IsGenericType || typeof(T).GetGenericTypeDefinition() != typeof(VBuffer<>))
            return (in source, ref destination) => destination = source;
        var method = typeof(ValueCopier<T>).GetMethod(nameof(CopyVector), BindingFlags.Static | BindingFlags.NonPublic);
        return method.MakeGenericMethod(typeof(T).GetGenericArguments()).CreateDelegate<Copier>();
    }

    private static void CopyVector<TItem>(in VBuffer<TItem> source, ref VBuffer<TItem> destination) => source.CopyTo(ref destination);
}
