using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>Values that belong to a column as a whole, by kind: "SlotNames", "KeyValues" and the like.</summary>
    public sealed class Annotations
    {
        private readonly Delegate[] getters;

        private Annotations(DataViewSchema schema, Delegate[] getters)
        {
            Schema = schema;
            this.getters = getters;
        }

        public static Annotations Empty { get; } = new(new DataViewSchema([]), []);

        /// <summary>The kinds, as the names of columns of a single row.</summary>
        public DataViewSchema Schema { get; }

        /// <exception cref="InvalidOperationException">The annotation is of another type.</exception>
        public ValueGetter<TValue> GetGetter<TValue>(Column column)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column.Index, getters.Length);
            return getters[column.Index] as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Annotation '{column.Name}' is of type {column.Type}, not {typeof(TValue)}");
        }

        /// <exception cref="InvalidOperationException">There is no annotation of that kind, or it is of another type.</exception>
        public void GetValue<TValue>(string kind, ref TValue value)
        {
            var column = Schema.GetColumnOrNull(kind)
                ?? throw new InvalidOperationException($"There is no annotation of the kind '{kind}'");
            GetGetter<TValue>(column)(ref value);
        }

        public override string ToString() => string.Join(", ", Schema.Select(column => column.Name));

        /// <summary>Makes annotations kind by kind.</summary>
        public sealed class Builder
        {
            private readonly List<(DetachedColumn Column, Delegate Getter)> items = [];

            /// <summary>Adds those whose kind the selector accepts.</summary>
            public void Add(Annotations annotations, Func<string, bool> selector)
            {
                ArgumentNullException.ThrowIfNull(selector);
                if (annotations is null) return;
                foreach (var column in annotations.Schema)
                    if (selector(column.Name)) items.Add((new(column), annotations.getters[column.Index]));
            }

            public void Add<TValue>(string name, DataViewType type, ValueGetter<TValue> getter, Annotations annotations = null) =>
                Add(name, type, (Delegate)getter, annotations);

            public void Add(string name, DataViewType type, Delegate getter, Annotations annotations = null)
            {
                ArgumentNullException.ThrowIfNull(getter);
                var column = new DetachedColumn(name, type, annotations);
                if (getter.GetType() != typeof(ValueGetter<>).MakeGenericType(type.RawType))
                    throw new ArgumentException($"a getter of type {getter.GetType()} gives no {type}", nameof(getter));
                items.Add((column, getter));
            }

            public void AddPrimitiveValue<TValue>(string name, PrimitiveDataViewType type, TValue value, Annotations annotations = null) =>
                Add(name, type, (ref TValue destination) => destination = value, annotations);

            public Annotations ToAnnotations() =>
                new(new DataViewSchema([.. items.Select(item => item.Column)]), [.. items.Select(item => item.Getter)]);
        }
    }
}
