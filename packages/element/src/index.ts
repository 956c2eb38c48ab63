import { VerzetPreferences } from './preferences-element.ts'

/** The one button that ends all advertising, alone. */
class VerzetStopAll extends VerzetPreferences {
  override connectedCallback(): void {
    this.toggleAttribute('stop-all', true)
    super.connectedCallback()
  }
}

// A page may hold the script twice.
if (customElements.get('verzet-preferences') === undefined) {
  customElements.define('verzet-preferences', VerzetPreferences)
  customElements.define('verzet-stop-all', VerzetStopAll)
}
