using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view in a random order, the same from every cursor: drawn from a pool that the following rows fill up.</summary>
/// <param name="source">The view.</param>
/// <param name="seed">Of the order.</param>
/// <param name="poolSize">The number of rows held in memory.</param>
/// <param name="shuffleSource">Whether the view is asked for a random order too, if it can give one.</param>
internal sealed class ShuffleView(IDataView source, int seed, int poolSize, bool shuffleSource) : IDataView
{
    private static readonly MethodInfo ColumnMethod =
        typeof(ShuffleView).GetMethod(nameof(ColumnOf), BindingFlags.Static | BindingFlags.NonPublic);

    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var random = rand ?? new Random(seed);
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        var cursor = source.GetRowCursor(needed, shuffleSource && source.CanShuffle ? random : null);
        var pool = new Pool(cursor, random, poolSize);
        var active = GetterCursor.Active(Schema, needed);
        var columns = Schema.Select(column => active[column.Index]
            ? RowGetters.Call<PoolColumn>(ColumnMethod, column.Type.RawType, pool, cursor, column) : null).ToArray();
        var getter = cursor.GetIdGetter();
        pool.Columns = [.. columns.OfType<PoolColumn>()];
        pool.Id = new PoolColumn<DataViewRowId>(pool, getter);
        return new Cursor(Schema, [.. columns.Select(column => column?.Getter)], cursor, pool);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static PoolColumn<T> ColumnOf<T>(Pool pool, DataViewRow row, DataViewSchema.Column column) =>
        new(pool, row.GetGetter<T>(row.Schema[column.Index]));

    /// <summary>The rows held; one of them is the current one.</summary>
    private sealed class Pool(DataViewRowCursor source, Random random, int size)
    {
        private int count;
        private bool isDry;
        private int[] slots = [];

        internal PoolColumn[] Columns { get; set; }

        internal PoolColumn<DataViewRowId> Id { get; set; }

        /// <summary>The slot of the current row.</summary>
        internal int Current { get; private set; } = -1;

        internal bool Step()
        {
            // The slot of the row before is free: the last of those in use moves up to its place in the list of slots.
            while (!isDry && count < size)
            {
                isDry = !source.MoveNext();
                if (isDry) break;
                if (count == slots.Length)
                    slots = [.. slots, .. Enumerable.Range(slots.Length, Math.Max(1, Math.Min(slots.Length, size - slots.Length)))];
                foreach (var column in Columns) column.Fill(slots[count]);
                Id.Fill(slots[count]);
                count++;
            }
            if (count == 0) return false;
            var drawn = random.Next(count--);
            Current = slots[drawn];
            (slots[drawn], slots[count]) = (slots[count], slots[drawn]);
            return true;
        }
    }

    /// <summary>The values of a column in the rows held.</summary>
    private abstract class PoolColumn
    {
        internal abstract Delegate Getter { get; }

        internal abstract void Fill(int slot);
    }

    private sealed class PoolColumn<T>(Pool pool, ValueGetter<T> source) : PoolColumn
    {
        private T[] values = [];

        internal override Delegate Getter => (ValueGetter<T>)((ref T value) => ValueCopier<T>.Copy(values[pool.Current], ref value));

        internal override void Fill(int slot)
        {
            if (slot >= values.Length) Array.Resize(ref values, Math.Max(slot + 1, 2 * values.Length));
            source(ref values[slot]);
        }
    }

    private sealed class Cursor(DataViewSchema schema, Delegate[] getters, DataViewRowCursor source, Pool pool)
        : GetterCursor(schema, getters)
    {
        public override long Batch => 0;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)pool.Id.Getter;

        private protected override bool Step() => pool.Step();

        protected override void Dispose(bool disposing)
        {
            if (disposing) source.Dispose();
            base.Dispose(disposing);
        }
    }
}
