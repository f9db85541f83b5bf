using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// The base of every layer and network: named parameters, buffers and submodules.
        /// They belong to the module and not to a dispose scope: <see cref="Dispose()"/> frees them.
        /// </summary>
        public partial class Module : IDisposable
        {
            private readonly string _name;
            private readonly OrderedDictionary<string, Parameter> _parameters = [];
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _buffers = [];
            private readonly OrderedDictionary<string, Module> _submodules = [];
            private bool _registered;

            protected Module(string name)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                _name = name;
            }

            /// <summary>The name that the constructor was given: for the layers here, the type's.</summary>
            public virtual string GetName() => _name;

            /// <summary>
            /// Registers every module, parameter and tensor held in this type's instance fields, under the field's name.
            /// To be called at the end of a derived type's constructor.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (_registered) return;
                _registered = true;
                const BindingFlags fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
                foreach (var field in GetType().GetFields(fields))
                    switch (field.GetValue(this))
                    {
                        case Module module: register_module(field.Name, module); break;
                        case Parameter parameter: register_parameter(field.Name, parameter); break;
                        case Tensor tensor: register_buffer(field.Name, tensor); break;
                    }
            }

            public virtual void register_module(string name, Module submodule)
            {
                ArgumentNullException.ThrowIfNull(submodule);
                if (_submodules.TryGetValue(name, out var known) && ReferenceEquals(known, submodule)) return;
                CheckName(name);
                _submodules.Add(name, submodule);
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                if (_parameters.TryGetValue(name, out var known) && ReferenceEquals(known, param)) return;
                CheckName(name);
                param.DetachFromDisposeScope();
                _parameters.Add(name, param);
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (_buffers.TryGetValue(name, out var known) && ReferenceEquals(known.Tensor, tensor)) return;
                CheckName(name);
                tensor.DetachFromDisposeScope();
                _buffers.Add(name, (tensor, persistent));
            }

            /// <summary>Puts a parameter in the place of the one of that name; null takes it away.</summary>
            internal void SetParameter(string name, Parameter? parameter)
            {
                if (parameter is null) _parameters.Remove(name);
                else
                {
                    parameter.DetachFromDisposeScope();
                    _parameters[name] = parameter;
                }
            }

            /// <summary>Puts a buffer in the place of the one of that name; null takes it away.</summary>
            internal void SetBuffer(string name, Tensor? buffer)
            {
                if (buffer is null) _buffers.Remove(name);
                else
                {
                    buffer.DetachFromDisposeScope();
                    _buffers[name] = (buffer, true);
                }
            }

            internal void RemoveModules() => _submodules.Clear();

            private void CheckName(string name)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                if (name.Contains('.')) throw new ArgumentException($"'{name}' contains a '.', which separates the names of nested modules.");
                if (_parameters.ContainsKey(name) || _buffers.ContainsKey(name) || _submodules.ContainsKey(name))
                    throw new ArgumentException($"{GetName()} has a parameter, buffer or submodule named '{name}' already.");
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var parameter in _parameters.Values) parameter.Dispose();
                foreach (var (tensor, _) in _buffers.Values) tensor.Dispose();
                foreach (var module in _submodules.Values) module.Dispose();
            }
        }
    }
}
