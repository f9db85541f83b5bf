using System.Runtime.CompilerServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => Assign(value, i1);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At(i1, i2);
            set => Assign(value, i1, i2);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At(i1, i2, i3);
            set => Assign(value, i1, i2, i3);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At(i1, i2, i3, i4);
            set => Assign(value, i1, i2, i3, i4);
        }

        public Tensor index(params Tensor[] indices) => Aten.index_Tensor.Call(this, Arg.OptionalTensors(indices));

        public Tensor index(params TensorIndex[] indices)
        {
            var view = View(indices, out var tensors);
            if (tensors is null) return view;
            using (view) return Aten.index_Tensor.Call(view, Arg.OptionalTensors(tensors));
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices)
        {
            Aten.index_put_.Do(this, Arg.OptionalTensors(indices), value);
            return this;
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using var view = View(indices, out var tensors);
            if (tensors is null) view.copy_(value);
            else Aten.index_put_.Do(view, Arg.OptionalTensors(tensors), value);
            return this;
        }

        /// <summary>
        /// What the indices that are not tensors select, as a view; and the tensors among them, by the view's dimension.
        /// </summary>
        private Tensor View(TensorIndex[] indices, out Tensor?[]? tensors)
        {
            var view = alias();
            var chosen = new List<Tensor?>();
            int dim = 0;
            int consumed = indices.Count(i => i.Form is TensorIndex.Kind.Single or TensorIndex.Kind.Slice or TensorIndex.Kind.Tensor);
            foreach (var i in indices)
            {
                var next = i.Form switch
                {
                    TensorIndex.Kind.Single => view.select(dim, i.Start!.Value),
                    TensorIndex.Kind.Slice => Aten.slice_Tensor.Call(view, dim, i.Start, i.Stop, i.Step ?? 1),
                    TensorIndex.Kind.None => view.unsqueeze(dim),
                    _ => null,
                };
                if (i.Form == TensorIndex.Kind.Ellipsis) dim += (int)ndim - consumed;
                else if (i.Form != TensorIndex.Kind.Single) dim++;
                while (chosen.Count < dim) chosen.Add(null);
                if (i.Form == TensorIndex.Kind.Tensor) chosen[dim - 1] = i.Tensors;
                if (next is null) continue;
                view.Dispose();
                view = next;
            }
            tensors = chosen.Exists(t => t is not null) ? [.. chosen] : null;
            return view;
        }

        private Tensor At(params ReadOnlySpan<long> indices)
        {
            var view = select(0, indices[0]);
            foreach (long i in indices[1..])
            {
                var next = view.select(0, i);
                view.Dispose();
                view = next;
            }
            return view;
        }

        private void Assign(Tensor value, params ReadOnlySpan<long> indices)
        {
            using var view = At(indices);
            view.copy_(value);
        }
    }

    /// <summary>One place of an indexing: a number, a slice, a new dimension, an ellipsis or a tensor.</summary>
    public struct TensorIndex
    {
        public static TensorIndex Ellipsis = new(Kind.Ellipsis);
        public static TensorIndex None = new(Kind.None);
        public static TensorIndex Colon = new(Kind.Slice);

        internal enum Kind { Single, Slice, None, Ellipsis, Tensor }

        private TensorIndex(Kind form, long? start = null, long? stop = null, long? step = null, Tensor? tensor = null)
        {
            Form = form;
            Start = start;
            Stop = stop;
            Step = step;
            Tensors = tensor;
        }

        internal Kind Form { get; }

        internal long? Start { get; }

        internal long? Stop { get; }

        internal long? Step { get; }

        internal Tensor? Tensors { get; }

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(Kind.Slice, start, stop, step);

        public static TensorIndex Single(long? index) => new(Kind.Single, index);

        public static TensorIndex Tensor(Tensor tensor) => new(Kind.Tensor, tensor: tensor);

        public static implicit operator TensorIndex(long value) => new(Kind.Single, value);

        public static implicit operator TensorIndex(Index index) => new(Kind.Single, index.IsFromEnd ? -index.Value : index.Value);

        public static implicit operator TensorIndex(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            !range.End.IsFromEnd ? range.End.Value : range.End.Value == 0 ? null : -range.End.Value);
    }
}
