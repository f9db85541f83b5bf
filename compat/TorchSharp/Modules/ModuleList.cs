using System.Collections;
using System.Globalization;
using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>A list whose items are submodules, named '0', '1', ...</summary>
    public class ModuleList<T> : torch.nn.Module, IList<T> where T : torch.nn.Module
    {
        private readonly List<T> _items = [];

        public ModuleList(params T[] modules) : base(nameof(ModuleList<T>))
        {
            _items.AddRange(modules);
            Number();
        }

        public int Count => _items.Count;

        public bool IsReadOnly => false;

        public T this[int index]
        {
            get => _items[index];
            set => Change(items => items[index] = value);
        }

        public void Add(T item) => Change(items => items.Add(item));

        public void Insert(int index, T item) => Change(items => items.Insert(index, item));

        public void RemoveAt(int index) => Change(items => items.RemoveAt(index));

        public bool Remove(T item)
        {
            var index = _items.IndexOf(item);
            if (index >= 0) RemoveAt(index);
            return index >= 0;
        }

        public void Clear() => Change(items => items.Clear());

        public bool Contains(T item) => _items.Contains(item);

        public int IndexOf(T item) => _items.IndexOf(item);

        public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private void Change(Action<List<T>> change)
        {
            change(_items);
            Number();
        }

        private void Number()
        {
            RemoveModules();
            for (var i = 0; i < _items.Count; i++) register_module(i.ToString(CultureInfo.InvariantCulture), _items[i]);
        }
    }
}
