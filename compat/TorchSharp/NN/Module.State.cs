namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>
            /// Every parameter and persistent buffer under its dotted name. The tensors are the module's own, not copies.
            /// </summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string Key(string name) => string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}";
                foreach (var (name, parameter) in named_parameters(recurse: false)) destination.TryAdd(Key(name), parameter);
                foreach (var (name, buffer) in named_buffers(recurse: false, include_nonpersistent: false)) destination.TryAdd(Key(name), buffer);
                foreach (var (name, child) in named_children()) child.state_dict(destination, Key(name));
                return destination;
            }

            /// <summary>
            /// Copies the tensors of that dictionary into the parameters and buffers of the same names.
            /// </summary>
            /// <returns>The names that the dictionary lacks, and those that only the dictionary has.</returns>
            /// <exception cref="InvalidOperationException"><paramref name="strict"/>, and the names are not the same.</exception>
            /// <exception cref="ArgumentException">A tensor has another shape than the module's. Nothing has been copied.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                ArgumentNullException.ThrowIfNull(source);
                var own = state_dict();
                var missing = own.Keys.Where(name => !source.ContainsKey(name) && skip?.Contains(name) != true).ToList();
                var unexpected = source.Keys.Where(name => !own.ContainsKey(name) && skip?.Contains(name) != true).ToList();
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                    throw new InvalidOperationException($"The state dictionary does not fit {GetName()}: "
                        + $"missing [{string.Join(", ", missing)}], unexpected [{string.Join(", ", unexpected)}].");

                var copies = own.Where(entry => source.ContainsKey(entry.Key) && skip?.Contains(entry.Key) != true).ToList();
                foreach (var (name, tensor) in copies)
                    if (!tensor.shape.AsSpan().SequenceEqual(source[name].shape))
                        throw new ArgumentException($"'{name}' has the shape [{string.Join(", ", source[name].shape)}] in the state dictionary; "
                            + $"{GetName()} has [{string.Join(", ", tensor.shape)}].", nameof(source));
                using (no_grad())
                    foreach (var (name, tensor) in copies) tensor.copy_(source[name]);
                return (missing, unexpected);
            }
        }
    }
}
