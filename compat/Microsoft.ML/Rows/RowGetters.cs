using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Getters whose value type is known at run time only.</summary>
internal static class RowGetters
{
    private static readonly MethodInfo TypedMethod =
        typeof(RowGetters).GetMethod(nameof(Typed), BindingFlags.Static | BindingFlags.NonPublic);

    /// <summary>The row's getter of a column, as a <see cref="ValueGetter{TValue}"/> of the column's raw type.</summary>
    internal static Delegate Of(DataViewRow row, DataViewSchema.Column column) =>
        Call<Delegate>(TypedMethod, column.Type.RawType, row, column);

    /// <summary>Calls a static generic method for a type.</summary>
    internal static T Call<T>(MethodInfo method, Type type, params object[] arguments) =>
        (T)method.MakeGenericMethod(type).Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    /// <summary>The getter as one of <typeparamref name="TValue"/>.</summary>
    /// <exception cref="InvalidOperationException">It is of another type, or the column is not active.</exception>
    internal static ValueGetter<TValue> Cast<TValue>(Delegate getter, DataViewSchema.Column column)
    {
        if (getter is ValueGetter<TValue> typed) return typed;
        if (getter is null) throw Inactive(column);
        throw new InvalidOperationException(
            $"Column '{column.Name}' of type {column.Type} has values of {column.Type.RawType}, not of {typeof(TValue)}");
    }

    internal static InvalidOperationException Inactive(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' is not active: it was not among the columns that the cursor was asked for");

    private static ValueGetter<T> Typed<T>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<T>(column);
}
