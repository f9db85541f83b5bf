using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>
/// Keeps columns in memory. A column is read from the source, all of it and at once, when the first cursor that needs it moves;
/// never again after that.
/// </summary>
/// <param name="source">The view.</param>
/// <param name="together">The columns that are read together, as soon as any is needed.</param>
internal sealed class CacheView(IDataView source, params DataViewSchema.Column[] together) : IDataView
{
    private static readonly MethodInfo ColumnMethod =
        typeof(CacheView).GetMethod(nameof(ColumnOf), BindingFlags.Static | BindingFlags.NonPublic);

    private readonly Lock filling = new();
    private readonly CachedColumn[] columns =
        [.. source.Schema.Select(column => RowGetters.Call<CachedColumn>(ColumnMethod, column.Type.RawType, column))];
    private volatile int count = -1;

    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => count >= 0 ? count : source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = GetterCursor.Active(Schema, columnsNeeded);
        return new Cursor(this, active, new Lazy<IEnumerable<(int, long)>>(() => RowOrder.Of(count, rand)));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = GetterCursor.Active(Schema, columnsNeeded);
        // How many cursors make sense is known only when the rows are.
        Fill(active);
        return [.. RowOrder.Split(count, n, rand).Select(rows => new Cursor(this, active, new(rows)))];
    }

    /// <summary>Reads the columns that are needed and not held yet.</summary>
    private void Fill(bool[] active)
    {
        lock (filling)
        {
            var needed = columns.Where(column => active[column.Column.Index] && !column.IsFilled).ToList();
            if (needed.Count == 0 && count >= 0) return;
            if (needed.Exists(column => together.Any(c => c.Index == column.Column.Index)))
                needed = [.. needed.Union(together.Select(column => columns[column.Index]).Where(column => !column.IsFilled))];
            using var cursor = source.GetRowCursor(needed.Select(column => column.Column));
            var readers = needed.Select(column => column.Open(cursor)).ToArray();
            var rows = 0;
            for (; cursor.MoveNext(); rows++)
                foreach (var (read, _) in readers) read();
            foreach (var (_, commit) in readers) commit();
            count = rows;
        }
    }

    private static CachedColumn<T> ColumnOf<T>(DataViewSchema.Column column) => new(column);

    private abstract class CachedColumn(DataViewSchema.Column column)
    {
        internal DataViewSchema.Column Column => column;

        internal bool IsFilled { get; private protected set; }

        /// <summary>What takes up the value of the current row, and what makes the values taken up those of the column.</summary>
        internal abstract (Action Read, Action Commit) Open(DataViewRow row);

        internal abstract Delegate Getter(Func<int> row);
    }

    private sealed class CachedColumn<T>(DataViewSchema.Column column) : CachedColumn(column)
    {
        private List<T> values;

        internal override (Action Read, Action Commit) Open(DataViewRow row)
        {
            var getter = row.GetGetter<T>(row.Schema[Column.Index]);
            var taken = new List<T>();
            T value = default;
            return (Read, Commit);

            void Read()
            {
                getter(ref value);
                T kept = default;
                ValueCopier<T>.Copy(value, ref kept);
                taken.Add(kept);
            }

            void Commit()
            {
                values = taken;
                IsFilled = true;
            }
        }

        internal override Delegate Getter(Func<int> row) =>
            (ValueGetter<T>)((ref T value) => ValueCopier<T>.Copy(values[row()], ref value));
    }

    private sealed class Cursor : GetterCursor
    {
        private readonly CacheView view;
        private readonly bool[] active;
        private readonly Lazy<IEnumerable<(int Row, long Batch)>> rows;
        private readonly Place place;
        private IEnumerator<(int Row, long Batch)> current;

        internal Cursor(CacheView view, bool[] active, Lazy<IEnumerable<(int, long)>> rows) : this(view, active, rows, new()) { }

        private Cursor(CacheView view, bool[] active, Lazy<IEnumerable<(int, long)>> rows, Place place)
            : base(view.Schema, [.. view.columns.Select((column, i) => active[i] ? column.Getter(() => place.Row) : null)])
        {
            this.view = view;
            this.active = active;
            this.rows = rows;
            this.place = place;
        }

        public override long Batch => current?.Current.Batch ?? 0;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)place.Row, 0);

        private protected override bool Step()
        {
            if (current is null)
            {
                view.Fill(active);
                current = rows.Value.GetEnumerator();
            }
            if (!current.MoveNext()) return false;
            place.Row = current.Current.Row;
            return true;
        }
    }

    private sealed class Place
    {
        internal int Row;
    }
}
